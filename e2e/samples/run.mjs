// Runs request samples with the real toolchains of this machine.
//
//     node run.mjs < samples.json > results.json
//
// Reads [{"id", "name", "code"}], writes [{"id", "ran", "why", "status", "output"}], and prints a
// table for people on standard error. A sample that was not run says why; what that means is for
// the caller to judge. Each sample gets a fresh folder, a small environment without proxies, and a
// time limit.

import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const LIMIT_MS = 120_000;
const MOST_OUTPUT_BYTES = 64 * 1024;

/** What each sample is called as a file, and the commands that run it there, in order. */
const TOOLCHAINS = {
  curl: { file: "call.sh", commands: [["sh", "call.sh"]], needs: ["curl"] },
  csharp: {
    file: "Call.cs",
    commands: [["mcs", "-r:System.Net.Http.dll", "Call.cs"], ["mono", "Call.exe"]],
  },
  go: { file: "call.go", commands: [["go", "run", "call.go"]] },
  java: { file: "Call.java", commands: [["java", "Call.java"]] },
  node: { file: "call.js", commands: [["node", "call.js"]] },
  php: { file: "call.php", commands: [["php", "call.php"]] },
  python: { file: "call.py", commands: [["python3", "call.py"]] },
  ruby: { file: "call.rb", commands: [["ruby", "call.rb"]] },
  rust: { file: "call.rs", commands: [["rustc", "--edition=2024", "call.rs"], ["./call"]] },
};

const NEVER = {
  "objective-c": "needs Apple's Foundation, which this system does not have",
  swift: "the Swift toolchain is not packaged for this system",
};

/** Toolchains keep what they compile between runs; nothing of theirs is fetched. */
const cache = fileURLToPath(new URL("../../target/samples-cache", import.meta.url));
const environment = {
  PATH: process.env.PATH,
  HOME: homedir(),
  LANG: "C.UTF-8",
  GOCACHE: join(cache, "go"),
  GOPATH: join(cache, "gopath"),
  GOFLAGS: "-mod=mod",
  GOPROXY: "off",
  GOTOOLCHAIN: "local",
};
// A toolchain that was installed elsewhere than at home says so here.
for (const name of ["CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "JAVA_HOME", "GOROOT"]) {
  if (process.env[name]) environment[name] = process.env[name];
}

/** Runs one command; it is killed with all its children when it takes too long or says too much. */
function run([program, ...args], folder) {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true };
    const child = spawn(program, args, options);
    let [output, errors, why] = ["", "", ""];
    const stop = (reason) => {
      why ||= reason;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => stop(`took longer than ${LIMIT_MS / 1000} s`), LIMIT_MS);
    const take = (chunk, so_far) => {
      const all = so_far + chunk;
      if (all.length > MOST_OUTPUT_BYTES) stop(`printed more than ${MOST_OUTPUT_BYTES} bytes`);
      return all.slice(0, MOST_OUTPUT_BYTES);
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => (output = take(chunk, output)));
    child.stderr.setEncoding("utf8").on("data", (chunk) => (errors = take(chunk, errors)));
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ missing: error.code === "ENOENT", why: error.message, output, errors });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (!why && code !== 0) why = `${program} ended with ${code}`;
      resolve({ missing: false, why, output, errors });
    });
  });
}

/** The number in the first line: `200`, or `HTTP/1.1 200 OK`. */
function statusOf(output) {
  const found = /^(?:HTTP\/[\d.]+ )?(\d{3})(?!\d)/.exec(output);
  return found ? Number(found[1]) : null;
}

async function runSample({ id, code }) {
  const skipped = (why) => ({ id, ran: false, why, status: null, output: "" });
  if (NEVER[id]) return skipped(NEVER[id]);
  const toolchain = TOOLCHAINS[id];
  if (!toolchain) return skipped("no toolchain is known for it");
  const folder = await mkdtemp(join(tmpdir(), "bearward-sample-"));
  try {
    for (const program of toolchain.needs ?? []) {
      const { missing } = await run([program, "--version"], folder);
      if (missing) return skipped(`${program} is not installed`);
    }
    await writeFile(join(folder, toolchain.file), code);
    for (const command of toolchain.commands) {
      const { missing, why, output, errors } = await run(command, folder);
      if (missing) return skipped(`${command[0]} is not installed`);
      const last = command === toolchain.commands.at(-1);
      if (why) return { id, ran: last, why, status: statusOf(output), output: output + errors };
      if (last) return { id, ran: true, why: "", status: statusOf(output), output };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function table(samples, results) {
  const rows = samples.map(({ name }, index) => {
    const { ran, why, status } = results[index];
    return `${name.padEnd(12)} ${(ran ? "ran" : "not run").padEnd(8)} ${String(status ?? "-").padEnd(7)} ${why}`;
  });
  return [`${"language".padEnd(12)} ${"".padEnd(8)} status`, ...rows, ""].join("\n");
}

const samples = JSON.parse(await text(process.stdin));
await mkdir(cache, { recursive: true });
const results = [];
for (const sample of samples) results.push(await runSample(sample));
process.stderr.write(table(samples, results));
process.stdout.write(JSON.stringify(results));
