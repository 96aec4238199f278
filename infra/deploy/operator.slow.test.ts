// An operator's first minutes: the commands of the deployment page in a shell, on a machine that is logged in nowhere, and the
// first account and edit of its section 5 on the real parts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../local/ports.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { openState, type State } from "../local/state.ts";
import { MOCK } from "../local/upstash/server.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "edge/docs/deployment.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "flux-operator-"));
let state: State;
let stack: Stack;

beforeAll(async () => {
  state = openState(join(folder, "state"));
  stack = await startStack({ state, port: await freePort(), redisServer: MOCK, say: () => {} });
  await stack.workerUp();
  await stack.gpuReady();
}, 180_000);

afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

/** The shell block of the page that holds a text. */
const block = (text: string) =>
  [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, lines = ""]) => lines)
    .find((lines) => lines.includes(text)) ?? "";

function shell(lines: string, env: Record<string, string> = {}, cwd = ROOT) {
  const { PATH = "" } = process.env;
  const home = { PATH, HOME: folder, XDG_CONFIG_HOME: folder, CI: "1", WRANGLER_SEND_METRICS: "false" };
  return spawnSync("bash", ["-c", lines], { encoding: "utf8", cwd, env: { ...home, ...env } });
}

test("the plan says that FLUX.1-dev fits a card, and how it runs there", () => {
  const [plan = ""] = block("npm run plan").match(/npm run plan[^#\n]*/) ?? [];
  const { status, stdout } = shell(plan);
  expect(status).toBe(0);
  expect(stdout).toMatch(/cuda, .+ on the device at once/s);
});

test("secrets are made for their owner alone, and no commit takes them", () => {
  const { status, stdout, stderr } = shell(
    `git init -q . && echo '*.env' > .gitignore\n${block("production.env <<END")}`,
    {},
    folder,
  );
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout.trim()).toBe("production.env");
  const file = join(folder, "production.env");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8").match(/^[A-Z_]+=\S{64}$/gm)).toHaveLength(3);
  expect(readFileSync(join(ROOT, ".gitignore"), "utf8")).toMatch(/^\*\.env$/m);
});

test("a rehearsal lists every step and asks nobody", () => {
  const { status, stdout, stderr } = shell("npm run -s deploy -- --dry-run");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("1/11");
  expect(stdout).toContain("11/11");
});

test.each([
  ["npm run -s deploy", /^error: PUBLIC_URL is .+\n$/],
  [
    "npm run -s deploy -- --public-url https://edge.test --gpu-url https://gpu.test",
    /^error: wrangler is not logged in: .+\n$/,
  ],
  ["npm run -s deploy:gpu", /^error: GPU_MODEL is flux-dev, and the worker charges for mini: .+\n$/],
  ["GPU_MODEL=mini npm run -s deploy:gpu", /^error: .*modal.*\n$/i],
  ["npm run -s gpu:status", /^error: nobody is logged in to Modal: .+\n$/],
  ["npm run -s gpu:warm", /^error: nobody is logged in to Modal: .+\n$/],
  ["npm run -s weights -- flux-pro --to /nowhere", /^error: .*flux-pro.*\n$/],
])("%s on a bare machine says in one line what is missing", (command, line) => {
  const { status, stderr } = shell(command);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(line);
});

test("the doctor names each file that a folder lacks", () => {
  const { status, stdout } = shell("npm run -s doctor -- flux-dev --dir /nowhere");
  expect(status).toBe(1);
  expect(stdout).toContain("/nowhere/flux1-dev.safetensors: no such file");
  expect(stdout).toMatch(/not runnable\n$/);
});

test("the first account, its credits, its key and its first edit, line by line", async () => {
  const lines = block("URL=https://…").split("\n");
  const [, admin = "", account = "", credits = "", key = "", edit = ""] = lines;
  const env = { URL: stack.url, ADMIN_KEY: state.secrets.admin_key, MODERATION_OFF: "all" };
  const ask = (line: string) => JSON.parse(shell(`${admin}\n${line}`, env).stdout);
  const { id } = ask(account);
  expect(id).toMatch(/^acct_/);
  expect(ask(credits.replace("acct_…", id))).toMatchObject({ balance: 100 });
  const { key: secret } = ask(key.replace("acct_…", id));
  expect(secret).toMatch(/^sk_/);
  const out = join(folder, "glasses.png");
  const command = edit.replace("sk_…", secret).replace(/ +#.*$/, ` --out ${out}`);
  const { status, stdout } = shell(command, env);
  expect([status, stdout]).toEqual([0, expect.stringContaining(out)]);
  expect(await sharp(out).metadata()).toMatchObject({ width: 512, height: 512 });
  const health = shell(block('"$PUBLIC_URL/healthz"'), { PUBLIC_URL: stack.url });
  expect(JSON.parse(health.stdout)).toMatchObject({ gpu: expect.anything() });
});
