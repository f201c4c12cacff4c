// The page of the quickstart: choose a token, call a route, read the answer.
// Claims, challenges and bodies are somebody else's text: they only ever become text nodes.
"use strict";

const themes = document.documentElement.dataset;
try { themes.theme = localStorage.getItem("theme") ?? ""; } catch { /* storage is switched off: follow the system */ }

document.addEventListener("DOMContentLoaded", async () => {
  const $ = (id) => document.getElementById(id);
  const page = await pageData();
  let login = null;
  if (page.client_id) {
    try { login = await currentLogin(page); } catch (error) { showFault(error); }
  }
  let choice = login ? "login" : page.token ? "scoped" : "own";
  let calls = 0;

  $("theme").value = themes.theme;
  $("theme").onchange = () => {
    themes.theme = $("theme").value;
    try { localStorage.setItem("theme", themes.theme); } catch { /* lasts as long as the page */ }
  };
  if (page.issuer) $("issuer").textContent = page.issuer;
  if (page.audience) $("audience").textContent = page.audience;
  for (const input of $("choices").querySelectorAll("input")) {
    const missing = (input.value === "login" && !login) || (input.value === "scoped" && !page.token)
      || (input.value === "unscoped" && !page.token_without_scope);
    input.closest("label").hidden = missing;
    input.checked = input.value === choice;
    input.onchange = () => { choice = input.value; show(); };
  }
  $("login").hidden = !page.client_id || login !== null;
  $("logout").hidden = login === null;
  $("login").onclick = () => logIn(page).catch(showFault);
  $("logout").onclick = () => logOut(page, login).catch(showFault);
  if (login) showProfile(login.profile);
  $("own").oninput = show;
  $("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(token());
      $("copy").textContent = "Copied";
    } catch { // no clipboard on plain http from elsewhere: the reader's own copy key does the rest
      getSelection().selectAllChildren($("token"));
      $("copy").textContent = "Selected";
    }
    setTimeout(() => { $("copy").textContent = "Copy"; }, 1500);
  };
  for (const button of document.querySelectorAll("[data-path]")) button.onclick = () => call(button);
  setInterval(() => countDown($("rows")), 1000);
  show();

  // The token that goes with the next call; empty for none.
  function token() {
    const own = $("own").value.trim().replace(/^(authorization:)?\s*bearer\s+/i, "").replace(/\s+/g, "");
    switch (choice) {
      case "login": return login.access_token;
      case "scoped": return page.token;
      case "unscoped": return page.token_without_scope;
      case "broken": return breakSignature(page.token || own);
      case "own": return own;
      default: return "";
    }
  }

  function show() {
    const text = token();
    $("note").textContent = notes(page)[choice];
    $("paste").hidden = choice !== "own";
    $("copy").disabled = text === "";
    $("unread").textContent = choice === "own" ? unread(text) : "";
    $("unread").hidden = $("unread").textContent === "";
    showToken($("token"), text);
    showClaims($("rows"), text);
    $("claims").hidden = $("rows").childElementCount === 0;
    countDown($("rows"));
  }

  async function call(button) {
    const [path, mine] = [button.dataset.path, ++calls];
    for (const other of document.querySelectorAll("[data-path]")) other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    const sent = $("choices").querySelector(":checked").nextElementSibling.textContent;
    const answer = await ask(path, token());
    if (mine === calls) $("answer").replaceChildren(...answerCard(path, sent, answer));
  }
});

function showFault(error) {
  const box = document.getElementById("login-fault");
  box.textContent = `✗ ${visible(error.message)}`;
  box.hidden = false;
}

function showProfile(profile) {
  const $ = (id) => document.getElementById(id);
  const name = String(profile.name ?? profile.sub);
  $("profile-initial").textContent = [...name][0]?.toUpperCase() ?? "";
  $("profile-name").textContent = visible(name);
  $("profile-email").textContent = visible(String(profile.email ?? ""));
  $("profile-rows").replaceChildren(...Object.entries(profile).map(([name, value]) => row("", name, value, CLAIMS.get(name))));
  $("profile").hidden = false;
}

const notes = (page) => ({
  login: "The access token that your login gave this page.",
  scoped: "A token with the scope read:messages.",
  unscoped: "A good token, but it was not given read:messages.",
  none: "The request goes out without credentials.",
  broken: page.token ? "The first token with one character of its signature changed." : "Your own token with its signature changed, or else no token at all but a word.",
  own: page.hint || `A token from ${page.issuer ?? "your issuer"}. It is sent to this API only.`,
});

async function pageData() {
  try {
    const response = await fetch("/page.json");
    return response.ok ? await response.json() : { hint: await response.text() };
  } catch {
    return { hint: "The API did not answer. Is the program still running?" };
  }
}

// ---- calls ----

const UNSENT = -1;

async function ask(path, token) {
  const started = performance.now();
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  let request;
  try {
    request = new Request(path, { headers, cache: "no-store", credentials: "omit" });
  } catch {
    return { status: UNSENT, statusText: "Not sent", body: "", took: 0, challenges: [] };
  }
  try {
    const response = await fetch(request);
    const body = await response.text();
    const { status, statusText } = response;
    return {
      status, statusText, body, took: performance.now() - started,
      challenges: parseChallenges(response.headers.get("www-authenticate") ?? ""),
      retryAfter: response.headers.get("retry-after"),
    };
  } catch (error) {
    return { status: 0, statusText: String(error.message), body: "", took: performance.now() - started, challenges: [] };
  }
}

// RFC 9110, section 11.6.1: `Scheme name=value, name="value", Scheme ...`.
function parseChallenges(header) {
  const item = /\s*,?\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/gy;
  const challenges = [];
  for (let match; (match = item.exec(header)); ) {
    const [, name, quoted, plain] = match;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    if (value === undefined) challenges.push({ scheme: name, parameters: [] });
    else challenges.at(-1)?.parameters.push([name, value]);
  }
  return challenges;
}

function answerCard(path, sent, { status, statusText, body, took, challenges, retryAfter }) {
  const allowed = status >= 200 && status < 300;
  const refused = status >= 400 && status < 500;
  const verdict = element("div", { className: `verdict is-${allowed ? "allowed" : refused ? "refused" : "attention"}` },
    element("span", { className: "status" }, status > 0 ? status : "—"),
    element("span", { className: "word" }, allowed ? "✓ Allowed" : refused ? "✗ Refused" : "! No verdict"),
    element("span", { className: "phrase" }, statusText),
    element("span", { className: "took" }, status === UNSENT ? "" : `${took.toFixed(took < 10 ? 1 : 0)} ms`));
  const parts = element("div", { className: "parts" });
  for (const { scheme, parameters } of challenges) {
    const list = element("dl", {}, element("dt", {}, "scheme"), element("dd", {}, scheme));
    for (const [name, value] of parameters) list.append(element("dt", {}, name), element("dd", {}, visible(value)));
    parts.append(element("h3", {}, "WWW-Authenticate"), list);
  }
  if (retryAfter) parts.append(element("h3", {}, "Retry-After"), element("pre", {}, `${retryAfter} s`));
  if (body) {
    const folded = challenges.length > 0;
    parts.append(element("details", { open: !folded }, element("summary", {}, "Body"), element("pre", {}, indented(body))));
  }
  const asked = element("p", { className: "asked" }, element("span", { className: "path" }, `GET ${path}`), sent);
  return [asked, verdict, element("p", { className: "meaning" }, meaningOf(path, status, challenges)), parts];
}

function meaningOf(path, status, challenges) {
  const parameters = new Map(challenges.flatMap((challenge) => challenge.parameters));
  switch (status) {
    case 200: return {
      "/api/public": "Open to anyone: no token is looked at, not even a broken one.",
      "/api/private": "The token is valid, and this route asks for no more.",
    }[path] ?? "The token is valid and has the scope that this route asks for.";
    case 400: return "The request itself is malformed, so no token was looked at.";
    case 401: return parameters.has("error")
      ? "A token came, but it is not valid here. The reason stands in the terminal, not in the answer."
      : "No token came. The challenge names the scheme to come back with.";
    case 403: return `The token is valid, but something is missing: ${visible(parameters.get("scope") ?? "a permission")}. Ask the issuer for a token that has it.`;
    case 503: return "The API has no keys of the issuer yet, so it can judge no token. It keeps trying.";
    case UNSENT: return "The token has a character that no header can carry, so no request went out. Was it copied as it is?";
    case 0: return "No answer came. Is the program still running?";
    default: return "An answer that the guard does not give by itself.";
  }
}

function indented(body) {
  let text = body;
  try { text = JSON.stringify(JSON.parse(body), null, 2); } catch { /* not JSON: as it came */ }
  return text.split("\n").map(visible).join("\n");
}

// ---- tokens ----

function breakSignature(token) {
  const at = token.lastIndexOf(".") + 1;
  if (at === 0 || at === token.length) return "broken";
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

function showToken(box, token) {
  const parts = token.split(".");
  const pieces = parts.flatMap((part, at) => [
    ...(at ? [element("span", { className: "dot" }, ".")] : []),
    element("span", { className: parts.length === 3 ? `part-${at}` : "" }, visible(part)),
  ]);
  box.classList.toggle("none", token === "");
  box.replaceChildren(...(token === "" ? ["No token."] : pieces));
}

// The members of a JSON object, or null where there is none.
function decode(part) {
  try {
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : null;
  } catch {
    return null;
  }
}

// Why nothing stands in the table, where a token is there.
function unread(token) {
  const parts = token.split(".");
  if (token === "") return "";
  if (parts.length === 5) return "An encrypted token (JWE): its claims cannot be read without the key. This API takes signed tokens.";
  if (parts.length !== 3) return "An opaque token: only its issuer knows what it stands for. This API takes signed JWTs.";
  return decode(parts[0]) && decode(parts[1]) ? "" : "Its header or its claims are not JSON, so this is no JWT. Was it cut off?";
}

function showClaims(rows, token) {
  const [header, payload] = token.split(".");
  rows.replaceChildren(
    ...(decode(header ?? "") ?? []).map(([name, value]) => row("in-header", name, value, HEADER.get(name))),
    ...(decode(payload ?? "") ?? []).map(([name, value]) => row("in-claims", name, value, CLAIMS.get(name))));
}

function row(className, name, value, meaning = "") {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const says = element("span", { className: "says" }, meaning);
  if (className === "in-claims" && TIMES.has(name) && Number.isFinite(value)) {
    const time = element("span", { className: "time" });
    Object.assign(time.dataset, { time: value, name });
    says.append(" ", time);
  }
  return element("tr", { className },
    element("th", { scope: "row" }, visible(name)),
    element("td", {}, element("span", { className: "value" }, visible(text)), says));
}

function countDown(rows) {
  for (const time of rows.querySelectorAll("[data-time]")) {
    const date = new Date(time.dataset.time * 1000);
    if (Number.isNaN(date.getTime())) { time.textContent = "not a date"; continue; }
    const seconds = Math.floor((date - Date.now()) / 1000);
    const ends = time.dataset.name === "exp";
    time.classList.toggle("soon", ends && seconds >= 0 && seconds < 60);
    time.classList.toggle("over", ends && seconds < 0);
    const text = `${date.toISOString().slice(0, 19).replace("T", " ")} UTC, ${inWords(seconds)}`;
    if (time.textContent !== text) time.textContent = text;
  }
}

function inWords(seconds) {
  const size = Math.abs(seconds);
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const at = Math.max(units.findIndex(([length]) => size >= length), 0);
  const words = units.slice(at === 0 && size < 86400 ? 3 : at, at + 2)
    .map(([length, unit], i) => [Math.floor(i ? (size % units[at][0]) / length : size / length), unit])
    .filter(([count], i) => i === 0 || count > 0 || seconds >= 0)
    .map((parts) => parts.join(" ")).join(" ");
  return seconds >= 0 ? `in ${words}` : `${words} ago`;
}

const TIMES = new Set(["exp", "iat", "nbf", "auth_time", "updated_at"]);
// Maps, because a token may name a claim `constructor`.
const HEADER = new Map(Object.entries({
  alg: "Signature algorithm", typ: "Type of token", kid: "Key of the issuer that signed it",
}));
const CLAIMS = new Map(Object.entries({
  iss: "Issuer: who made the token", sub: "Subject: whom it speaks for", aud: "Audience: the API it was made for",
  exp: "Expires", iat: "Issued", nbf: "Not valid before", jti: "Number of this token",
  azp: "Application that asked for it", client_id: "Application that asked for it", scope: "What the application may do",
  scp: "What the application may do", permissions: "What the subject may do", gty: "Grant by which it was given",
  name: "Name of the user", nickname: "Short name of the user", picture: "Picture of the user",
  email: "Email address of the user", email_verified: "Whether the address was verified",
  updated_at: "Profile last changed", auth_time: "When the user logged in", cnf: "Key that the sender must hold", org_id: "Organization",
}));

// Controls, and the marks that turn or hide text, would let one text pass for another.
function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (mark) => `\\u{${mark.codePointAt(0).toString(16)}}`);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
