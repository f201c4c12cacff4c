// The request samples of the Test view, as they stand on the page, run against a guarded API: with
// a token that will do, and with one that is good for too little.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./lib/browser.mjs";
import { enterByLink } from "./lib/dashboard.mjs";
import { start } from "./lib/program.mjs";

/** There is no toolchain for these to be had here; the page shows them, and nobody ran them. */
const NOT_RUN = ["objective-c", "swift"];
const LANGUAGES = ["curl", "csharp", "go", "java", "node", "objective-c", "php", "python", "ruby", "swift", "rust"];

let quickstart, browser, page;

before(async () => {
  quickstart = await start("quickstart", "--listen", "localhost:0", "--tenant-listen", "localhost:0");
  browser = await openBrowser();
  page = await browser.context.newPage();
  await enterByLink(page, quickstart);
});

after(async () => {
  await browser?.close();
  await quickstart?.stop();
});

/** The samples of the page for a token of this application, as `{id, name, code}`. */
async function samplesFor(application) {
  await page.goto(`${quickstart.dashboard}apis`);
  await page.getByRole("link", { name: "Quickstart API" }).click();
  await page.getByRole("link", { name: "Test", exact: true }).click();
  await page.getByLabel("Application").selectOption({ label: application });
  await page.getByRole("button", { name: "Choose" }).click();
  await page.getByRole("button", { name: "Get token" }).click();
  await page.getByRole("heading", { name: "Token", exact: true }).waitFor();
  const samples = [];
  for (const id of LANGUAGES) {
    const code = await page.locator(`#request-${id}-code`).textContent();
    samples.push({ id, name: id, code });
  }
  return samples;
}

/** Runs samples with the toolchains of this machine. */
async function run(samples) {
  const runner = spawn("node", [fileURLToPath(new URL("samples/run.mjs", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  runner.stdin.end(JSON.stringify(samples));
  const [results] = await Promise.all([text(runner.stdout), once(runner, "close")]);
  return JSON.parse(results);
}

for (const [application, expected] of [["Quickstart", "200"], ["Quickstart without permissions", "403"]]) {
  test(`each language gets ${expected} with a token of ${application}`, { timeout: 600_000 }, async () => {
    const samples = await samplesFor(application);
    for (const { id, code } of samples) {
      for (const part of [new URL(quickstart.api).host, "/api/private-scoped"]) {
        assert.ok(code.includes(part), `${id} has the real address`);
      }
      assert.match(code, /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/, `${id} has the real token`);
    }
    const results = await run(samples);
    assert.deepEqual(results.filter(({ ran }) => !ran).map(({ id }) => id), NOT_RUN);
    const ran = results.filter(({ ran }) => ran).map(({ id, status }) => [id, String(status)]);
    assert.deepEqual(ran, LANGUAGES.filter((id) => !NOT_RUN.includes(id)).map((id) => [id, expected]));
  });
}
