// The authorization server `oidc-provider`, as an application would set it up: discovery, access
// tokens as JWTs by resource indicators (RFC 8707), keys that can be rotated.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import Provider from "oidc-provider";

const PACKAGE = new URL("../node_modules/oidc-provider/package.json", import.meta.url);

/** Its name and version, as the installed package says. */
export function version() {
  const { name, version } = JSON.parse(readFileSync(PACKAGE));
  return `${name} ${version}`;
}

const CLIENT = { client_id: "shop", client_secret: "a secret for tests alone" };

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

/** The provider with these keys; it signs with the first. */
function provider(issuer, keys, resources) {
  return new Provider(issuer, {
    jwks: { keys },
    clients: [{ ...CLIENT, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, indicator) => resources[indicator],
      },
    },
    ttl: { ClientCredentials: 600 },
  });
}

/**
 * Starts it on a free port of 127.0.0.1.
 *
 * `resources` are the APIs that it issues tokens for: identifier -> { scope }.
 */
export async function start(resources) {
  const apis = {};
  for (const [identifier, { scope }] of Object.entries(resources)) {
    apis[identifier] = { audience: identifier, scope, accessTokenFormat: "jwt" };
  }
  let handle;
  const server = createServer((request, response) => handle(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  let keys = [signingKey()];
  const serve = () => { handle = provider(issuer, keys, apis).callback(); };
  serve();
  return {
    issuer,
    /** A token for an API by client credentials. */
    async token(resource, scope) {
      const body = new URLSearchParams({ ...CLIENT, grant_type: "client_credentials", resource });
      if (scope) body.set("scope", scope);
      const answer = await fetch(`${issuer}/token`, { method: "POST", body });
      const { access_token, error_description } = await answer.json();
      if (!answer.ok) throw new Error(`${issuer}/token: ${answer.status} ${error_description}`);
      return access_token;
    },
    /** A new key signs from now on; the old ones are published as long as `keepOld` says. */
    rotate({ keepOld }) {
      keys = keepOld ? [signingKey(), ...keys] : [signingKey()];
      serve();
    },
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
