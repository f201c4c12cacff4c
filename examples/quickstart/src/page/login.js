// Logging in at the issuer and out again, as any application in a browser does it: authorization
// code with PKCE. Source: RFC 6749 section 4.1, RFC 7636, RFC 9207, OpenID Connect Core 1.0,
// RP-Initiated Logout 1.0.
"use strict";

// Tokens live as long as the tab: whoever runs this machine's browser sees them anyway, and a
// reload keeps the login. An application that matters keeps them in memory, or on its server.
const kept = {
  read: (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } },
  write: (name, value) => sessionStorage.setItem(name, JSON.stringify(value)),
  forget: (name) => sessionStorage.removeItem(name),
};

const callback = () => `${location.origin}/`;

async function issuerMetadata(issuer) {
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`The issuer's metadata answered ${response.status}.`);
  const metadata = await response.json();
  if (metadata.issuer !== issuer) throw new Error(`The metadata is of another issuer: ${metadata.issuer}`);
  return metadata;
}

// Sends the reader to the issuer. What must come back is remembered in this tab alone.
async function logIn({ issuer, audience, client_id }) {
  const { authorization_endpoint } = await issuerMetadata(issuer);
  const request = { state: randomText(), nonce: randomText(), verifier: randomText() };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(request.verifier));
  kept.write("login-request", request);
  location.assign(`${authorization_endpoint}?${new URLSearchParams({
    response_type: "code", client_id, redirect_uri: callback(), audience, scope: "openid profile email read:messages",
    state: request.state, nonce: request.nonce, code_challenge: base64url(digest), code_challenge_method: "S256",
  })}`);
}

// Reads what the issuer sent the reader back with, if it did, and trades the code for tokens.
// Gives the login of this tab: `{ access_token, id_token, profile }`, null, or an Error thrown.
async function currentLogin(page) {
  const sent = new URLSearchParams(location.search);
  if (!sent.has("code") && !sent.has("error")) return kept.read("login");
  const request = kept.read("login-request");
  kept.forget("login-request");
  history.replaceState(null, "", "/");
  if (!request || sent.get("state") !== request.state) throw new Error("An answer came that this tab did not ask for.");
  if (sent.has("iss") && sent.get("iss") !== page.issuer) throw new Error("The answer came from another issuer.");
  if (sent.has("error")) throw new Error(sent.get("error_description") || sent.get("error"));
  const login = await redeem(page, sent.get("code"), request);
  kept.write("login", login);
  return login;
}

async function redeem({ issuer, client_id }, code, { verifier, nonce }) {
  const { token_endpoint, userinfo_endpoint } = await issuerMetadata(issuer);
  const response = await fetch(token_endpoint, { method: "POST", body: new URLSearchParams({
    grant_type: "authorization_code", client_id, code, redirect_uri: callback(), code_verifier: verifier,
  }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error_description || answer.error || `The token endpoint answered ${response.status}.`);
  // It came from the issuer itself over its own connection, so its signature need not be looked at
  // (OpenID Connect Core 1.0 section 3.1.3.7, step 6). Its nonce must be ours.
  const claims = new Map(decode(answer.id_token.split(".")[1] ?? "") ?? []);
  if (claims.get("nonce") !== nonce) throw new Error("The ID token answers another request.");
  const profile = await fetch(userinfo_endpoint, { headers: { authorization: `Bearer ${answer.access_token}` } });
  if (!profile.ok) throw new Error(`The profile could not be read: ${profile.status}.`);
  return { access_token: answer.access_token, id_token: answer.id_token, profile: await profile.json() };
}

// Ends the login here, then at the issuer.
async function logOut({ issuer, client_id }, { id_token }) {
  kept.forget("login");
  const { end_session_endpoint } = await issuerMetadata(issuer);
  location.assign(`${end_session_endpoint}?${new URLSearchParams({
    id_token_hint: id_token, client_id, post_logout_redirect_uri: callback(),
  })}`);
}

// 256 bits, which is also what a PKCE verifier should have.
function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
