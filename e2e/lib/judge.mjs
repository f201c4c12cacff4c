// What every page must be, whatever it is for.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Findings that keep somebody from using a page. */
const SERIOUS = ["serious", "critical"];

/** Looks at a page that is open: nothing juts out at the side, nobody is shut out. */
export async function judge(page, name) {
  const { width, inner } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth, inner: window.innerWidth,
  }));
  assert.ok(width <= inner, `${name} is ${width - inner} px wider than its window`);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const findings = violations.filter(({ impact }) => SERIOUS.includes(impact)).map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join("\n  ")}`);
  assert.deepEqual(findings, [], `${name}: axe-core found`);
}
