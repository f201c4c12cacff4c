"""An API with three routes, guarded by Auth0's own library."""

import os
from functools import wraps

from auth0_api_python import ApiClient, ApiClientOptions
from auth0_api_python.errors import BaseAuthError, MissingAuthorizationError
from flask import Flask, jsonify, request

DOMAIN = os.environ["AUTH0_DOMAIN"]
AUDIENCE = os.environ["AUTH0_AUDIENCE"]

client = ApiClient(ApiClientOptions(domain=DOMAIN, audience=AUDIENCE))
app = Flask(__name__)


def require_auth(scope):
    def guard(view):
        @wraps(view)
        async def guarded():
            try:
                claims = await client.verify_request(
                    dict(request.headers), request.method, request.base_url
                )
            except MissingAuthorizationError as error:
                # The library says 400; RFC 6750 section 3 asks for 401.
                return jsonify(error="unauthorized"), 401, error.get_headers()
            except BaseAuthError as error:
                body = jsonify(error=error.get_error_code(), message=str(error))
                return body, error.get_status_code(), error.get_headers()
            if scope is not None and scope not in claims.get("scope", "").split():
                challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
                body = jsonify(error="insufficient_scope")
                return body, 403, {"WWW-Authenticate": challenge}
            return view()

        return guarded

    return guard


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
