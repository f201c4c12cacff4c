// A real Chromium whose pages complain of themselves.

import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.BEARWARD_CHROMIUM ?? "/usr/bin/chromium";

/** Nothing of the browser's own leaves this machine. */
const QUIET = [
  "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--disable-quic", "--disable-gpu",
];

/**
 * Opens a browser. `trusted` are addresses whose certificate it takes, and no other that the system
 * does not vouch for; with it comes `close()`.
 */
export async function openBrowser(...trusted) {
  const profile = await mkdtemp(join(tmpdir(), "bearward-chromium-"));
  const pins = await Promise.all(trusted.map(pin));
  const args = [...QUIET];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  if (pins.length > 0) args.push(`--ignore-certificate-errors-spki-list=${pins.join(",")}`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE, headless: true, args, viewport: { width: 1280, height: 900 },
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The hash of the public key that an address shows, as Chromium's option wants it. */
function pin(address) {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    // Only looked at here: whether it is the right one is for the tests of the certificates.
    const socket = connect({ host: hostname, port: port || 443, servername: "localhost", rejectUnauthorized: false }, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate(true).raw);
      socket.destroy();
      const spki = publicKey.export({ type: "spki", format: "der" });
      resolve(createHash("sha256").update(spki).digest("base64"));
    });
    socket.once("error", reject);
  });
}

/**
 * A page that remembers what went wrong on it: errors of the console and of scripts, violations of
 * the policy, and requests to origins other than these.
 *
 * A status that a test asks for on purpose is no fault: Chromium logs each 4xx as an error, so those
 * lines are left out.
 */
export async function watchedPage(context, ...origins) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    const asked = /Failed to load resource: the server responded with a status of [45]\d\d/;
    if (message.type() === "error" && !asked.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "about:"].includes(url.protocol) && !origins.includes(url.origin)) faults.push(`request: ${url.origin}`);
  });
  return { page, faults };
}
