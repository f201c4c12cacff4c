// The whole walk, as the reader of the quickstart walks it: name an API, give it permissions, guard
// its routes, take a token, call the API, log in, see the profile, log out. In a real browser, on a
// tenant over TLS that is started anew in the middle and loses nothing.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, watchedPage } from "./lib/browser.mjs";
import { enterByLink, PASSWORD } from "./lib/dashboard.mjs";
import { freePort } from "./lib/ports.mjs";
import { start } from "./lib/program.mjs";

const USER_PASSWORD = "a password for both users";

let data, tenant, api, browser, page, faults;
/** Ports that stay the same when a program is started again. */
let tenantPort, apiPort;
/** The identifier of the API, which is where it runs. */
let identifier;
let clientId;

const origin = (address) => new URL(address).origin;
const button = (name) => page.getByRole("button", { name, exact: true });
const link = (name) => page.getByRole("link", { name, exact: true });
const section = (name) => page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name });

async function startTenant() {
  tenant = await start("tenant", "serve", "--listen", `localhost:${tenantPort}`, "--plain-listen", "localhost:0", "--data", data);
}

before(async () => {
  data = await mkdtemp(join(tmpdir(), "bearward-walk-"));
  [tenantPort, apiPort] = [await freePort(), await freePort()];
  identifier = `http://localhost:${apiPort}`;
  await startTenant();
  browser = await openBrowser(tenant.issuer);
  ({ page, faults } = await watchedPage(browser.context, origin(tenant.dashboard), origin(tenant.issuer), identifier));
});

after(async () => {
  await browser?.close();
  await api?.stop();
  await tenant?.stop();
  await rm(data, { recursive: true, force: true });
});

test("the link from the terminal leads to a password, and that into the dashboard", async () => {
  await enterByLink(page, tenant);
  await page.getByRole("heading", { name: "Protect your API in 3 steps" }).waitFor();
});

test("an API gets a name, an identifier and a permission", async () => {
  await section("APIs").click();
  await link("Create API").first().click();
  await page.getByLabel("Name").fill("Messages");
  await page.getByLabel("Identifier", { exact: true }).fill(identifier);
  await button("Create API").click();
  await page.getByLabel("Permission", { exact: true }).fill("read:messages");
  await page.getByLabel("Description", { exact: true }).fill("Read messages");
  await button("Add permission").click();
  await page.getByRole("rowheader", { name: "read:messages" }).waitFor();
});

test("the code says how a program comes to trust the local CA", async () => {
  await link("Quickstart").click();
  await page.getByText("bearward tenant env").waitFor();
  assert.match(await page.locator("main").innerText(), /SSL_CERT_FILE/);
});

test("an application is created and granted the permission", async () => {
  await section("Applications").click();
  await link("Create application").first().click();
  await page.getByLabel("Name").fill("Nightly report");
  await page.getByLabel("Machine to Machine").check();
  await button("Create application").click();
  await page.getByRole("heading", { name: "Nightly report" }).waitFor();
  await link("APIs").last().click();
  await page.getByRole("button", { name: /^Authorize/ }).click();
  const saved = page.waitForResponse((response) => response.request().method() === "POST" && response.ok());
  await page.getByRole("checkbox", { name: /read:messages/ }).check();
  await saved;
});

/** Takes a token for the application and calls the API's scoped route with it; gives the status. */
async function callTheApi() {
  await section("APIs").click();
  await link("Messages").click();
  await link("Test").click();
  await page.getByRole("button", { name: /^Get (another )?token$/ }).click();
  await page.getByRole("heading", { name: "Token", exact: true }).waitFor();
  await page.getByLabel("Address", { exact: true }).fill(`${identifier}/api/private-scoped`);
  await button("Call my API").click();
  return page.locator(".answer .status, .verdict .status").first().innerText();
}

test("a token of the Test view opens the guarded API", async () => {
  api = await start("quickstart", "--listen", `localhost:${apiPort}`, "--issuer", tenant.issuer, "--audience", identifier, "--ca-file", tenant.ca);
  assert.equal(await callTheApi(), "200");
});

test("without the permission a new token is refused, and Activity says why", async () => {
  await section("Applications").click();
  await link("Nightly report").click();
  await link("APIs").last().click();
  const saved = page.waitForResponse((response) => response.request().method() === "POST" && response.ok());
  await page.getByRole("checkbox", { name: /read:messages/ }).uncheck();
  await saved;
  assert.equal(await callTheApi(), "403");
  await section("Activity").click();
  const refused = page.getByRole("row", { name: /api_insufficient_scope/ });
  assert.match(await refused.innerText(), /Nightly report\s+Messages/);
  await refused.getByRole("link").first().click();
  await page.getByRole("button", { name: /Grant/ }).waitFor();
  assert.match(await page.locator("main").innerText(), /read:messages/);
});

test("nothing is lost when the tenant starts anew", async () => {
  await tenant.stop();
  await startTenant();
  assert.equal(tenant.dashboard_link, undefined, "there is an administrator, so there is no link");
  await page.goto(`${tenant.dashboard}apis`);
  await page.getByRole("link", { name: "Messages" }).waitFor();
  await page.context().clearCookies();
  await page.goto(tenant.dashboard);
  await page.getByLabel("Password").fill(PASSWORD);
  await button("Continue").click();
  await section("Applications").click();
  await link("Nightly report").waitFor();
});

test("two users are made, of whom a role lets one read messages", async () => {
  for (const [email, name] of [["reader@example.com", "Robin Reader"], ["visitor@example.com", "Vic Visitor"]]) {
    await page.goto(`${tenant.dashboard}users/new`);
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(USER_PASSWORD);
    await button("Create user").click();
    await page.getByRole("heading", { name: email }).waitFor();
  }
  await page.goto(`${tenant.dashboard}roles/new`);
  await page.getByLabel("Name").fill("Reader");
  await page.getByLabel("Description").fill("May read messages");
  await button("Create role").click();
  await link("Permissions").click();
  await tick(/read:messages/);
  await page.goto(`${tenant.dashboard}users`);
  await link("reader@example.com").click();
  await link("Roles").last().click();
  await tick(/Reader/);
  // The API gives what users hold, and no more.
  await section("APIs").click();
  await link("Messages").click();
  await link("Settings").click();
  await page.getByLabel(/Enforce permissions/).check();
  await button("Save").click();
});

async function tick(name) {
  const saved = page.waitForResponse((response) => response.request().method() === "POST" && response.ok());
  await page.getByRole("checkbox", { name }).check();
  await saved;
}

test("a single-page application is made for the API's page", async () => {
  await page.goto(`${tenant.dashboard}applications/new`);
  await page.getByLabel("Name").fill("Message reader");
  await page.getByLabel("Single Page Application").check();
  await button("Create application").click();
  await link("Settings").click();
  await page.getByLabel("Allowed Callback URLs").fill(`${identifier}/`);
  await page.getByLabel("Allowed Logout URLs").fill(`${identifier}/`);
  await button("Save").click();
  clientId = await page.getByRole("group", { name: "Client ID" }).innerText();
  clientId = clientId.replace(/\s/g, "");
  await api.stop();
  api = await start("quickstart", "--listen", `localhost:${apiPort}`, "--issuer", tenant.issuer, "--audience", identifier,
    "--ca-file", tenant.ca, "--client-id", clientId);
});

/** Logs in on the API's page, calls the three routes, logs out; gives profile and statuses. */
async function visit(email) {
  await page.goto(`${identifier}/`);
  await button("Log in").click();
  await page.locator("input[name=username]").fill(email);
  await page.locator("input[name=password]").fill(USER_PASSWORD);
  await page.locator("button[name=action][value=default]").click();
  await page.waitForURL(`${identifier}/`);
  await page.locator("#profile").waitFor();
  const shown = await page.locator("#profile-email").innerText();
  const decoded = await page.locator("#rows").innerText();
  const statuses = [];
  for (const path of ["/api/public", "/api/private", "/api/private-scoped"]) {
    await page.locator(`[data-path="${path}"]`).click();
    await page.locator(".asked .path", { hasText: new RegExp(`GET ${path}$`) }).waitFor();
    statuses.push(await page.locator("#answer .status").innerText());
  }
  const challenge = await page.locator("#answer").innerText();
  await button("Log out").click();
  await button("Log in").waitFor();
  return { shown, decoded, statuses, challenge };
}

test("the user with the permission reads the messages", async () => {
  const { shown, decoded, statuses } = await visit("reader@example.com");
  assert.equal(shown, "reader@example.com");
  assert.match(decoded, /read:messages/);
  assert.deepEqual(statuses, ["200", "200", "200"]);
});

test("the user without it is told what is missing", async () => {
  const { shown, decoded, statuses, challenge } = await visit("visitor@example.com");
  assert.equal(shown, "visitor@example.com");
  assert.doesNotMatch(decoded, /read:messages/);
  assert.deepEqual(statuses, ["200", "200", "403"]);
  assert.match(challenge, /insufficient_scope/);
});

test("the API's page fits a narrow screen, with its button to log in", async () => {
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await button("Log in").waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.setViewportSize(wide);
});

test("logging out has ended the session at the tenant too", async () => {
  await page.goto(`${identifier}/`);
  await button("Log in").click();
  await page.locator("input[name=username]").waitFor();
});

test("no page complained on the way", () => {
  assert.deepEqual(faults, []);
});
