"""An API with three routes, guarded by Authlib before 1.7."""

import json
import os
from urllib.request import urlopen

from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.jose.rfc7517.jwk import JsonWebKey
from authlib.oauth2.rfc7523 import JWTBearerTokenValidator
from flask import Flask, jsonify

DOMAIN = os.environ["AUTH0_DOMAIN"]
AUDIENCE = os.environ["AUTH0_AUDIENCE"]


class Auth0JWTBearerTokenValidator(JWTBearerTokenValidator):
    def __init__(self, domain, audience):
        issuer = f"https://{domain}/"
        with urlopen(f"{issuer}.well-known/jwks.json") as answer:
            keys = JsonWebKey.import_key_set(json.load(answer))
        super().__init__(keys)
        self.claims_options = {
            "exp": {"essential": True},
            "aud": {"essential": True, "value": audience},
            "iss": {"essential": True, "value": issuer},
        }


require_auth = ResourceProtector()
require_auth.register_token_validator(Auth0JWTBearerTokenValidator(DOMAIN, AUDIENCE))

app = Flask(__name__)


@app.get("/api/public")
def public():
    return jsonify(message="Anyone may read this.")


@app.get("/api/private")
@require_auth(None)
def private():
    return jsonify(message="Your token is good.")


@app.get("/api/private-scoped")
@require_auth("read:messages")
def private_scoped():
    return jsonify(message="You may read the messages.")
