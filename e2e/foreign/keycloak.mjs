// A real Keycloak in development mode, from the distribution that Maven's repository carries, set up
// by its admin API as a person would by its console.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../lib/ports.mjs";

const VERSION = "26.7.3";
const KEPT = fileURLToPath(new URL("../../target/tmp/", import.meta.url));
const HOME = join(KEPT, `keycloak-${VERSION}`);
/** A first start builds the server anew, which takes a minute on a slow machine. */
const START_MS = 300_000;
const ADMIN = { username: "admin", password: "a password for tests alone" };
const REALM = "bearward";
const SECRET = "a secret for tests alone";
const USER = { username: "reader", password: "a password for tests alone" };

function run(program, args, options) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (error || status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stderr}`);
}

/** Gets the distribution once; a later run finds it. */
async function install() {
  if (existsSync(HOME)) return;
  const folder = mkdtempSync(join(tmpdir(), "keycloak-"));
  const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:tar.gz`;
  const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";
  run("mvn", ["-q", "-B", `${plugin}:get`, `-Dartifact=${artifact}`, "-Dtransitive=false"]);
  run("mvn", ["-q", "-B", `${plugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  run("tar", ["xzf", join(folder, `keycloak-quarkus-dist-${VERSION}.tar.gz`), "-C", folder]);
  await mkdir(KEPT, { recursive: true });
  run("cp", ["-a", join(folder, `keycloak-${VERSION}`), `${HOME}.new`]);
  await rename(`${HOME}.new`, HOME);
  rmSync(folder, { recursive: true });
}

/** Its name and version, as the installed distribution says. */
export function version() {
  return readFileSync(join(HOME, "version.txt"), "utf8").trim().replace(/^Keycloak - Version/, "Keycloak");
}

async function form(url, parameters) {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(parameters) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${JSON.stringify(body)}`);
  return body;
}

/** Starts it with a realm for an API: its identifier, and a scope of it. */
export async function start({ audience, scope }) {
  await install();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(
    join(HOME, "bin", "kc.sh"),
    ["start-dev", "--http-host=127.0.0.1", `--http-port=${port}`, "--db=dev-mem"],
    {
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: the script starts Java, and both must go.
      detached: true,
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
        JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx512m",
      },
    },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    try { process.kill(-child.pid, "SIGTERM"); } catch { /* it is gone already */ }
    await ended;
  };
  let output = "";
  try {
    await new Promise((resolve, reject) => {
      const failed = (why) => reject(new Error(`Keycloak ${why}\n${output.slice(-2_000)}`));
      const timer = setTimeout(() => failed("did not start in time"), START_MS);
      const read = (text) => {
        output += text;
        if (/started in \d/.test(output)) { clearTimeout(timer); resolve(); }
      };
      child.stdout.setEncoding("utf8").on("data", read);
      child.stderr.setEncoding("utf8").on("data", read);
      child.once("error", failed);
      ended.then((code) => failed(`ended with ${code}`));
    });
    return { ...(await setUp(origin, { audience, scope })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function setUp(origin, { audience, scope }) {
  const { access_token: admin } = await form(`${origin}/realms/master/protocol/openid-connect/token`, {
    grant_type: "password", client_id: "admin-cli", ...ADMIN,
  });
  const call = async (method, path, body) => {
    const answer = await fetch(`${origin}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get("content-type")?.includes("json") ? answer.json() : undefined;
  };
  await call("POST", "", { realm: REALM, enabled: true });
  await call("POST", `/${REALM}/client-scopes`, {
    name: scope, protocol: "openid-connect", attributes: { "include.in.token.scope": "true" },
  });
  const client = (clientId, protocolMappers) => call("POST", `/${REALM}/clients`, {
    clientId, secret: SECRET, publicClient: false, standardFlowEnabled: false,
    serviceAccountsEnabled: true, directAccessGrantsEnabled: true, protocolMappers,
    defaultClientScopes: ["basic", "profile", "roles"], optionalClientScopes: [scope],
  });
  await client("shop", [{
    name: "audience", protocol: "openid-connect", protocolMapper: "oidc-audience-mapper",
    config: { "included.custom.audience": audience, "access.token.claim": "true" },
  }]);
  await client("forgetful", []);
  await call("POST", `/${REALM}/users`, {
    username: USER.username, enabled: true, email: "reader@example.com", emailVerified: true,
    firstName: "Rita", lastName: "Reader",
    credentials: [{ type: "password", value: USER.password, temporary: false }],
  });
  const issuer = `${origin}/realms/${REALM}`;
  const grant = (parameters) => form(`${issuer}/protocol/openid-connect/token`, { client_secret: SECRET, ...parameters });
  const signingKeys = async () => {
    const query = "type=org.keycloak.keys.KeyProvider";
    const components = await call("GET", `/${REALM}/components?${query}`);
    return components.filter(({ providerId }) => providerId === "rsa-generated");
  };
  return {
    issuer,
    /** The token of a client's service account: of `shop`, or of one that lacks the audience. */
    service: async (client_id, scope) =>
      (await grant({ grant_type: "client_credentials", client_id, ...(scope && { scope }) })).access_token,
    /** All that a user's login brings: access_token, id_token, refresh_token. */
    user: () => grant({ grant_type: "password", client_id: "shop", scope: `openid ${scope}`, ...USER }),
    /** A new key signs from now on, and the old ones are withdrawn. */
    async rotate() {
      const old = await signingKeys();
      await call("POST", `/${REALM}/components`, {
        name: "newer", providerId: "rsa-generated", providerType: "org.keycloak.keys.KeyProvider",
        config: { priority: ["200"], enabled: ["true"], active: ["true"], algorithm: ["RS256"] },
      });
      for (const { id } of old) await call("DELETE", `/${REALM}/components/${id}`);
    },
  };
}
