// The program under test, started and ended as a person would.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../target/debug/bearward", import.meta.url));

/** How long a start may take, a new RSA key included. */
const START_MS = 60_000;

/**
 * Starts `bearward ARGS --json` and waits for the line that says where everything is.
 *
 * What it writes to stderr is kept for the failure message of whoever waits for it.
 */
export async function start(...args) {
  const child = spawn(PROGRAM, [...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => { errors += text; });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const line = await new Promise((resolve, reject) => {
    const failed = (why) => reject(new Error(`bearward ${args.join(" ")}: ${why}\n${errors}`));
    const timer = setTimeout(() => failed("did not start in time"), START_MS);
    createInterface(child.stdout).once("line", (text) => { clearTimeout(timer); resolve(text); });
    child.once("error", (error) => failed(error.message));
    ended.then(({ code, signal }) => failed(`ended with ${code ?? signal}`));
  });
  return {
    ...JSON.parse(line),
    errors: () => errors,
    /** Ends it with SIGTERM and returns its exit code. */
    async stop() {
      child.kill("SIGTERM");
      return (await ended).code;
    },
    /** Ends it at once, as a power cut would. */
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs `bearward ARGS` to its end with this text as standard input. */
export async function run(args, input) {
  const child = spawn(PROGRAM, args);
  const output = { stdout: "", stderr: "" };
  for (const name of Object.keys(output)) {
    child[name].setEncoding("utf8").on("data", (text) => { output[name] += text; });
  }
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { ...output, code };
}
