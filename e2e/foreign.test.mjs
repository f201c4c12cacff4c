// Issuers that are not ours: real servers of other makers on loopback. Their tokens are let in,
// refused and explained, and their keys rotate, while `bearward quickstart` guards an API for them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as keycloak from "./foreign/keycloak.mjs";
import * as oidcProvider from "./foreign/oidc-provider.mjs";
import { run, start } from "./lib/program.mjs";

const AUDIENCE = "https://api.example.com";
const OTHER = "https://other.example.com";
const SCOPE = "read:messages";

/** What each route of the guarded API answers to a token, as `public private private-scoped`. */
async function answers(api, token) {
  const statuses = [];
  for (const path of ["/api/public", "/api/private", "/api/private-scoped"]) {
    const { status } = await fetch(new URL(path, api.api), { headers: { authorization: `Bearer ${token}` } });
    statuses.push(status);
  }
  return statuses.join(" ");
}

/** One bit of the signature flipped. */
function forged(token) {
  const [header, payload, signature] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[0] ^= 1;
  return [header, payload, bytes.toString("base64url")].join(".");
}

/**
 * The tests of one issuer.
 *
 * `tokens(issuer)` gives `[what, token, answers, code, mistake]` for each token of it, where `code`
 * is null for one that is let in; `fresh(issuer)` gives a good token, `rotate(issuer)` a new key
 * without the old one.
 */
function foreign({ open, version, profile, tokens, fresh, rotate }) {
  let issuer, api;

  before(async () => {
    issuer = await open();
    api = await start("quickstart", "--listen", "localhost:0", "--issuer", issuer.issuer, "--audience", AUDIENCE, "--profile", profile);
  });

  after(async () => {
    await api?.stop();
    await issuer?.stop();
  });

  const explain = async (...list) => {
    const options = ["--issuer", issuer.issuer, "--audience", AUDIENCE, "--profile", profile, "--json"];
    const { stdout } = await run(["token", "explain", "-", ...options], list.join("\n"));
    return stdout.trim().split("\n").map((line) => JSON.parse(line));
  };

  test("its tokens are let in or refused, and explained", async (context) => {
    const rows = await tokens(issuer);
    const told = await explain(...rows.map(([, token]) => token));
    context.diagnostic(`${version()}, profile ${profile}`);
    for (const [i, [what, token, expected, code, mistake]] of rows.entries()) {
      assert.equal(await answers(api, token), expected, what);
      assert.equal(told[i].code, code, what);
      assert.equal(told[i].accepted, code === null, what);
      if (mistake) assert.match(told[i].mistake, mistake, what);
      const verdict = code === null ? "accepted" : `refused ${code}: ${told[i].mistake}`;
      context.diagnostic(`${what}: ${expected}; ${verdict}`);
    }
  });

  test("a new key is found at once, and an old one is given up", async () => {
    const old = await fresh(issuer);
    assert.equal((await answers(api, old)).slice(0, 7), "200 200");
    await rotate(issuer);
    assert.equal((await answers(api, await fresh(issuer))).slice(0, 7), "200 200");
    assert.equal(await answers(api, old), "200 401 401", "a verified token whose key is gone");
    const [told] = await explain(old);
    assert.equal(told.code, "unknown_key");
  });
}

describe(oidcProvider.version(), () => {
  foreign({
    open: () => oidcProvider.start({
      [AUDIENCE]: { scope: SCOPE },
      [OTHER]: { scope: SCOPE },
    }),
    version: oidcProvider.version,
    profile: "rfc9068",
    fresh: (issuer) => issuer.token(AUDIENCE, SCOPE),
    rotate: (issuer) => issuer.rotate({ keepOld: false }),
    tokens: async (issuer) => {
      const good = await issuer.token(AUDIENCE, SCOPE);
      return [
        ["with the scope", good, "200 200 200", null],
        ["without a scope", await issuer.token(AUDIENCE), "200 200 403", null],
        ["for another API", await issuer.token(OTHER, SCOPE), "200 401 401", "wrong_audience", /other\.example\.com/],
        ["with a signature changed", forged(good), "200 401 401", "bad_signature"],
        ["cut off", good.slice(0, -2), "200 401 401", "bad_signature"],
      ];
    },
  });

  test("both of its keys verify while it publishes both", async () => {
    const issuer = await oidcProvider.start({ [AUDIENCE]: { scope: SCOPE } });
    const api = await start("quickstart", "--listen", "localhost:0", "--issuer", issuer.issuer, "--audience", AUDIENCE);
    try {
      const old = await issuer.token(AUDIENCE, SCOPE);
      issuer.rotate({ keepOld: true });
      assert.equal(await answers(api, await issuer.token(AUDIENCE, SCOPE)), "200 200 200");
      assert.equal(await answers(api, old), "200 200 200");
    } finally {
      await api.stop();
      await issuer.stop();
    }
  });
});

describe("Keycloak", () => {
  foreign({
    open: () => keycloak.start({ audience: AUDIENCE, scope: SCOPE }),
    version: keycloak.version,
    profile: "keycloak",
    fresh: (issuer) => issuer.service("shop", SCOPE),
    rotate: (issuer) => issuer.rotate(),
    tokens: async (issuer) => {
      const user = await issuer.user();
      return [
        ["of a service, with the scope", await issuer.service("shop", SCOPE), "200 200 200", null],
        ["of a service, without it", await issuer.service("shop"), "200 200 403", null],
        ["of a user", user.access_token, "200 200 200", null],
        ["without an audience mapper", await issuer.service("forgetful"), "200 401 401", "wrong_audience", /account/],
        ["an ID token", user.id_token, "200 401 401", "wrong_token_kind", /ID token/],
        ["a refresh token", user.refresh_token, "200 401 401", "algorithm_not_allowed", /refresh token/],
        ["with a signature changed", forged(user.access_token), "200 401 401", "bad_signature"],
      ];
    },
  });
});
