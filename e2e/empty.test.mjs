// What a person sees before there is anything: each list says what would be there, and how to begin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, watchedPage } from "./lib/browser.mjs";
import { enterByLink } from "./lib/dashboard.mjs";
import { judge } from "./lib/judge.mjs";
import { start } from "./lib/program.mjs";

let tenant, browser;

before(async () => {
  tenant = await start("tenant", "serve", "--tls", "off", "--listen", "localhost:0");
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await tenant?.stop();
});

test("the link, the password and every empty list, narrow and wide, light and dark", async () => {
  const { page, faults } = await watchedPage(browser.context, new URL(tenant.dashboard).origin);
  const look = async (name) => {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        // Without motion, so that no colour is on its way from one to the other.
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 900 });
        await judge(page, `${name} at ${width} px, ${colorScheme}`);
      }
    }
  };
  await page.goto(tenant.dashboard_link);
  await look("the link");
  await page.getByRole("button", { name: "Continue" }).click();
  await look("the password");
  // A link that was followed is used up, and nobody has set a password: the next start prints another.
  await tenant.stop();
  tenant = await start("tenant", "serve", "--tls", "off", "--listen", new URL(tenant.issuer).host);
  await enterByLink(page, tenant);
  for (const path of ["", "apis", "applications", "users", "roles", "activity", "keys"]) {
    await page.goto(tenant.dashboard + path);
    await look(`/${path}`);
  }
  assert.deepEqual(faults, []);
});
