// Every page, narrow and wide, light and dark: no fault in the console, none of the policy, no
// request to another origin, nothing that juts out, nobody shut out.
//
// Which pages there are comes from the router: a route without a line here fails the first test.
// With BEARWARD_SCREENSHOTS=1 eight of them are written to docs/images.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, watchedPage } from "./lib/browser.mjs";
import { enterByLink } from "./lib/dashboard.mjs";
import { judge } from "./lib/judge.mjs";
import { start } from "./lib/program.mjs";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Of the user in pages.toml. */
const PASSWORD = "correct horse battery";
const AUTHORIZE = "authorize?response_type=code&scope=openid%20read:messages&audience=http%3A%2F%2Flocalhost%3A3010&redirect_uri=http%3A%2F%2Flocalhost%3A3010%2F"
  + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/** Routes that answer programs, files and redirects. */
const NOT_PAGES = new Set([
  "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/.well-known/jwks.json",
  "/oauth/token", "/oauth/revoke", "/userinfo", "/assets/{name}", "/keys/{kid}/certificate.pem",
]);

/** Routes that take forms alone, and lead to a page that stands here. */
const FORMS_ONLY = new Set([
  "/setup/password", "/logout", "/get-started", "/apis/{id}/delete", "/apis/{id}/access/authorize", "/apis/{id}/access/withdraw",
  "/apis/{id}/test/application", "/apis/{id}/test/request", "/apis/{id}/test/call",
  "/applications/{client_id}/delete", "/applications/{client_id}/apis/authorize", "/applications/{client_id}/apis/withdraw",
  "/users/{user_id}/block", "/users/{user_id}/unblock", "/users/{user_id}/password", "/users/{user_id}/delete",
  "/users/{user_id}/permissions/take", "/roles/{role_id}/delete", "/roles/{role_id}/users/take", "/keys/rotate", "/activity/{id}/mend",
]);

/** How to come to the page of a route: the steps that a person takes, from the given page on. */
const PAGES = {
  "/": (page, at) => page.goto(at.dashboard),
  "/login": (page, at) => page.goto(`${at.dashboard}login`),
  "/setup": (page, at) => page.goto(`${at.dashboard}setup?link=used-long-ago`),
  "/authorize": (page, at) => page.goto(`${at.issuer}${AUTHORIZE}&client_id=nobody-knows-this`),
  "/u/login": (page, at) => page.goto(`${at.issuer}${AUTHORIZE}&client_id=message-reader&prompt=login`),
  "/u/consent": (page, at) => consent(page, at),
  "/u/logout": (page, at) => page.goto(`${at.issuer}oidc/logout`),
  "/v2/logout": (page, at) => page.goto(`${at.issuer}v2/logout?client_id=message-reader&returnTo=https%3A%2F%2Felsewhere.example%2F`),
  "/oidc/logout": (page, at) => page.goto(`${at.issuer}oidc/logout?id_token_hint=forged`),
  "/apis": (page, at) => page.goto(`${at.dashboard}apis`),
  "/apis/new": (page, at) => page.goto(`${at.dashboard}apis/new`),
  "/apis/{id}": (page, at) => page.goto(`${at.dashboard}apis/${at.api}`),
  "/apis/{id}/settings": (page, at) => page.goto(`${at.dashboard}apis/${at.api}/settings`),
  "/apis/{id}/permissions": (page, at) => page.goto(`${at.dashboard}apis/${at.api}/permissions`),
  "/apis/{id}/permissions/delete": (page, at) => page.goto(`${at.dashboard}apis/${at.api}/permissions/delete?permission=read:messages`),
  "/apis/{id}/access": (page, at) => page.goto(`${at.dashboard}apis/${at.api}/access`),
  "/apis/{id}/test": (page, at) => takeToken(page, at),
  "/applications": (page, at) => page.goto(`${at.dashboard}applications`),
  "/applications/new": (page, at) => page.goto(`${at.dashboard}applications/new`),
  "/applications/{client_id}": (page, at) => page.goto(`${at.dashboard}applications/nightly-report`),
  "/applications/{client_id}/settings": (page, at) => page.goto(`${at.dashboard}applications/message-reader/settings`),
  "/applications/{client_id}/credentials": (page, at) => page.goto(`${at.dashboard}applications/nightly-report/credentials`),
  "/applications/{client_id}/apis": (page, at) => page.goto(`${at.dashboard}applications/nightly-report/apis`),
  "/users": (page, at) => page.goto(`${at.dashboard}users`),
  "/users/new": (page, at) => page.goto(`${at.dashboard}users/new`),
  "/users/{user_id}": (page, at) => page.goto(`${at.dashboard}users/${at.user}`),
  "/users/{user_id}/roles": (page, at) => page.goto(`${at.dashboard}users/${at.user}/roles`),
  "/users/{user_id}/permissions": (page, at) => page.goto(`${at.dashboard}users/${at.user}/permissions`),
  "/roles": (page, at) => page.goto(`${at.dashboard}roles`),
  "/roles/new": (page, at) => page.goto(`${at.dashboard}roles/new`),
  "/roles/{role_id}": (page, at) => page.goto(`${at.dashboard}roles/${at.role}`),
  "/roles/{role_id}/permissions": (page, at) => page.goto(`${at.dashboard}roles/${at.role}/permissions`),
  "/roles/{role_id}/users": (page, at) => page.goto(`${at.dashboard}roles/${at.role}/users`),
  "/keys": (page, at) => page.goto(`${at.dashboard}keys`),
  "/keys/{kid}/revoke": (page, at) => page.goto(`${at.dashboard}keys/${at.previousKey}/revoke`),
  "/activity": (page, at) => page.goto(`${at.dashboard}activity`),
  "/activity/{id}": (page, at) => page.goto(`${at.dashboard}activity`).then(() => page.locator("a[href^='/activity/']").first().click()),
};

/** Pages that stand in the documentation: the picture's name, and how the page is shown. */
const PICTURES = {
  "/": ["get-started", "light", 1280], "/apis/{id}/test": ["test", "light", 1280], "/apis/{id}/access": ["access", "dark", 1280],
  "/applications/{client_id}/apis": ["application-apis", "light", 1280], "/users/{user_id}/permissions": ["user-permissions", "dark", 1280],
  "/activity": ["activity", "light", 1280], "/u/login": ["login", "dark", 360], "/u/consent": ["consent", "light", 360],
};

let data, tenant, browser, at;

before(async () => {
  data = await mkdtemp(join(tmpdir(), "bearward-pages-"));
  tenant = await start("tenant", "serve", "--listen", "localhost:0", "--plain-listen", "localhost:0", "--data", data, "--seed", file("pages.toml"));
  browser = await openBrowser(tenant.issuer);
  const command = (...args) => JSON.parse(execFileSync(file("../target/debug/bearward"), ["tenant", ...args, "--data", data, "--json"], { encoding: "utf8" }));
  command("key", "rotate");
  at = {
    dashboard: tenant.dashboard, issuer: tenant.issuer,
    api: command("api", "list").find(({ name }) => name === "Messages").id,
    role: command("role", "list")[0].id,
    user: encodeURIComponent(command("user", "list")[0].user_id),
    previousKey: command("key", "list").find((key) => key.previous)?.kid,
  };
  const page = await browser.context.newPage();
  await enterByLink(page, tenant);
  // Something for Activity to tell: a refusal with a mend, and a token.
  assert.deepEqual(["write:messages", "read:messages"].map(takeTokenByProgram), [1, 0]);
  await logIn(page);
  await page.close();
});

after(async () => {
  await browser?.close();
  await tenant?.stop();
  await rm(data, { recursive: true, force: true });
});

/** As any client does it; a refusal is what one of them is after. */
function takeTokenByProgram(scope) {
  const args = ["token", "get", "--issuer", tenant.issuer, "--ca-file", tenant.ca, "--audience", "http://localhost:3010", "--client-id", "nightly-report", "--scope", scope];
  const environment = { ...process.env, BEARWARD_CLIENT_SECRET: "only-for-this-machine" };
  return spawnSync(file("../target/debug/bearward"), args, { env: environment }).status;
}

/** Logs the reader in at the tenant, so that consent is all that is asked. */
async function logIn(page) {
  await page.goto(`${at.issuer}${AUTHORIZE}&client_id=somebody-elses`);
  await page.locator("input[name=username]").fill("reader@example.com");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[name=action][value=default]").click();
  await page.getByRole("button", { name: "Accept" }).waitFor();
}

async function consent(page, { issuer }) {
  await page.goto(`${issuer}${AUTHORIZE}&client_id=somebody-elses`);
  await page.getByRole("button", { name: "Accept" }).waitFor();
}

async function takeToken(page, { dashboard, api }) {
  await page.goto(`${dashboard}apis/${api}/test`);
  await page.getByRole("button", { name: "Get token" }).click();
  await page.getByRole("heading", { name: "Token", exact: true }).waitFor();
}

test("every route of the router has a place here", () => {
  const routes = JSON.parse(execFileSync(file("../target/debug/examples/routes"), { encoding: "utf8" }));
  assert.deepEqual(routes.filter((route) => !(route in PAGES || NOT_PAGES.has(route) || FORMS_ONLY.has(route))), [], "routes without a line");
  const known = [...Object.keys(PAGES), ...NOT_PAGES, ...FORMS_ONLY];
  assert.deepEqual(known.filter((route) => !routes.includes(route)), [], "lines without a route");
});

for (const [route, open] of Object.entries(PAGES)) {
  test(`the page ${route}`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        const name = `${route} at ${width} px, ${colorScheme}`;
        const { page, faults } = await watchedPage(browser.context, new URL(at.dashboard).origin, new URL(at.issuer).origin);
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await open(page, at);
        await judge(page, name);
        assert.deepEqual(faults, [], name);
        const [picture, scheme, wide] = PICTURES[route] ?? [];
        if (process.env.BEARWARD_SCREENSHOTS && scheme === colorScheme && wide === width) {
          await page.screenshot({ path: file(`../docs/images/${picture}.png`) });
        }
        await page.close();
      }
    }
  });
}
