import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { MODELS } from "../../../shared/models.ts";
import { deploy, rehearse } from "./deploy.ts";
import type { Plan } from "./deployment-plan.ts";
import { type FakeAccount, fakeAccountSchema } from "./fake-account.fixture.ts";
import { stepsOf } from "./steps.ts";
import { wranglerAt } from "./wrangler.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-deploy-"));
const file = join(folder, "account.json");
const secretsFile = join(folder, "production.env");
const worker = createServer((_, answer) => answer.end("ok"));
const SECRET = "0123456789".repeat(4);

/** The GPU function's model; null: the proxy refuses requests without a token. */
let running: { id: string; version: string; pasl?: string } | null = null;

/** The GPU function: its health is public, tasks need the secret. */
const gpu = createServer(({ url, headers }, answer) => {
  const allowed = url === "/healthz" ? running !== null : headers.authorization === `Bearer ${SECRET}`;
  answer.statusCode = allowed ? (url === "/healthz" ? 200 : 204) : 401;
  answer.end(allowed && url === "/healthz" ? JSON.stringify({ status: "loading", model: running }) : "");
});
const fake = wranglerAt([process.execPath, join(import.meta.dirname, "fake-wrangler.fixture.ts")]);

const EMPTY: FakeAccount = {
  login: { loggedIn: true, email: "ops@example.com", accounts: [{ name: "Example", id: "1" }] },
  buckets: {},
  queues: [],
  secrets: null,
  broken: null,
  calls: [],
};

let plan: Plan;

beforeAll(async () => {
  process.env.FAKE_ACCOUNT = file;
  delete process.env.CLOUDFLARE_ACCOUNT_ID;
  await new Promise<void>((resolve) => worker.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => gpu.listen(0, "127.0.0.1", resolve));
  const { port } = worker.address() as AddressInfo;
  plan = {
    buckets: ["images"],
    queues: ["edits", "edits-dead"],
    expiryDays: 2,
    publicUrl: `http://127.0.0.1:${port}`,
    gpuUrl: `http://127.0.0.1:${(gpu.address() as AddressInfo).port}`,
    vars: { MODEL: "mini" },
    model: "mini",
    secretsFile,
  };
});

afterAll(() => {
  delete process.env.FAKE_ACCOUNT;
  worker.close();
  gpu.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  running = null;
  writeFileSync(secretsFile, `SIGNING_SECRET=${SECRET}\nGPU_SECRET="${SECRET}"\nEMPTY=\n`);
  write({});
});

const write = (change: Partial<FakeAccount>) => writeFileSync(file, JSON.stringify({ ...EMPTY, ...change }));
const read = () => fakeAccountSchema.parse(JSON.parse(readFileSync(file, "utf8")));

/** A deployment without its first step, which requires https. */
async function run(given: Plan = plan): Promise<string> {
  const said: string[] = [];
  await deploy(stepsOf(given).slice(1), fake, (line) => said.push(line));
  return said.join("\n");
}

test("creates everything in an empty account and reports each step; a second run creates nothing", async () => {
  const said = await run();
  const made = read();
  expect(made).toMatchObject({
    buckets: { images: [{ name: "expire-content", prefix: "acct_", days: 2 }] },
    queues: ["edits", "edits-dead"],
  });
  const uploads = made.calls.filter((call) => call.startsWith("deploy "));
  expect(uploads).toEqual([
    `deploy --var PUBLIC_URL:${plan.publicUrl} --var GPU_URL:${plan.gpuUrl} --secrets-file ${secretsFile}`,
  ]);
  expect(said).toContain("2/10 who is logged in\n    ops@example.com, account Example");
  expect(said).toContain("0 there, 2 to upload");
  expect(said).toContain("without UPSTASH_REDIS_REST_URL, every mask is located anew");
  expect(said).toContain("5/10 bucket images\n    created");
  expect(said).toContain("deployed, version 0d3c2f5e");

  write({ ...made, calls: [] });
  const again = await run();
  expect(again).not.toContain("created");
  expect(again.match(/^ {4}there$/gm)).toHaveLength(3);
  expect(again).toContain("days\n    unchanged");
  expect(read().calls.filter((call) => /create|add|remove/.test(call))).toEqual([]);
});

test("refuses a GPU function whose model is not the one charged for, before anything is created", async () => {
  running = MODELS["flux-dev"];
  await expect(run()).rejects.toThrow("MODEL is mini, but the GPU function runs flux-dev: set MODEL");
  expect(read()).toMatchObject({ buckets: {}, queues: [] });
  const said = await run({ ...plan, model: "flux-dev" });
  expect(said).toContain("the GPU function runs flux-dev and accepts the worker\n    it does both\n");
  expect(said).toContain("without BFL_API_KEY, no edit is reported");
});

test.each([
  ["version", "runs mini 0.1.0, but this worker is made for"],
  ["pasl", "locates masks with PASL 0.1.0, but this worker stores them as"],
])(
  "refuses a GPU function of another %s, since prices and stored masks belong to the worker's",
  async (field, reason) => {
    running = { ...MODELS.mini, [field]: "0.1.0" };
    await expect(run()).rejects.toThrow(reason);
    expect(read()).toMatchObject({ buckets: {}, queues: [] });
  },
);

test("detects a GPU function that would refuse the worker's tasks, before anything is created", async () => {
  running = MODELS.mini;
  writeFileSync(secretsFile, `SIGNING_SECRET=${SECRET}\nGPU_SECRET=${"x".repeat(40)}\n`);
  await expect(run()).rejects.toThrow("the GPU function refuses the worker: GPU_SECRET");
  expect(read()).toMatchObject({ buckets: {}, queues: [] });
});

test("names invalid variables without a request", async () => {
  const vars = { MODEL: "flux-pro", RETENTION_HOURS: "0" };
  await expect(run({ ...plan, vars })).rejects.toThrow(
    /^wrangler.toml: MODEL: .*flux-dev.*; RETENTION_HOURS: /,
  );
  expect(read().calls).toEqual([]);
});

test("reports that a closed GPU function's model is unknown", async () => {
  expect(await run()).toContain(
    "the GPU function runs mini and accepts the worker\n    it does not answer now",
  );
});

test("changes the bucket's rule if the retention changes", async () => {
  write({ buckets: { images: [{ name: "expire-content", prefix: "acct_", days: 5 }] } });
  expect(await run()).toContain("rule changed: it was 5 days");
  expect(read().buckets.images).toEqual([{ name: "expire-content", prefix: "acct_", days: 2 }]);
});

test("without a login it fails with one line and changes nothing", async () => {
  write({ login: null });
  await expect(run()).rejects.toThrow(/^wrangler is not logged in: run `npx wrangler login`/);
  expect(read().calls).toEqual(["whoami --json"]);
});

test("with several accounts, a variable chooses one", async () => {
  const accounts = [
    { name: "One", id: "1" },
    { name: "Two", id: "2" },
  ];
  write({ login: { loggedIn: true, email: "ops@example.com", accounts } });
  await expect(run()).rejects.toThrow("set CLOUDFLARE_ACCOUNT_ID to one of 1 (One), 2 (Two)");
});

test.each([
  ["GPU_SECRET=", "SIGNING_SECRET is missing (openssl rand -base64 48); GPU_SECRET is missing, or MODAL_KEY"],
  [
    `SIGNING_SECRET=short\nMODAL_KEY=a`,
    "MODAL_SECRET is missing: it is needed with MODAL_KEY; SIGNING_SECRET is shorter",
  ],
])("names missing or invalid secrets before anything is created: %j", async (text, reason) => {
  writeFileSync(secretsFile, text);
  await expect(run()).rejects.toThrow(reason);
  expect(read()).toMatchObject({
    buckets: {},
    queues: [],
    calls: ["whoami --json", "secret list --format json"],
  });
});

test("needs no secret that the worker already has", async () => {
  write({ secrets: ["SIGNING_SECRET", "MODAL_KEY", "MODAL_SECRET"] });
  expect(await run({ ...plan, secretsFile: null })).toContain("3 there, 0 to upload");
});

test("reports an unreadable file without its content", async () => {
  const json = join(folder, "production.json");
  writeFileSync(json, '{"SIGNING_SECRET": "hush');
  const refused = run({ ...plan, secretsFile: json });
  await expect(refused).rejects.toThrow(`${json}: not a valid file of its kind`);
  await expect(run({ ...plan, secretsFile: join(folder, "nowhere") })).rejects.toThrow("ENOENT");
});

test("an API error ends the deployment, with the command and the reason", async () => {
  write({ broken: "queues info" });
  await expect(run()).rejects.toThrow(/^wrangler queues info edits: A request to the Cloudflare API/);
});

test.each(["https://flux-sculptor.example.com", "http://plain.test", "", "nonsense"])(
  "refuses the address %j before anything else",
  async (publicUrl) => {
    const steps = stepsOf({ ...plan, publicUrl });
    await expect(deploy(steps, fake, () => {})).rejects.toThrow(/^PUBLIC_URL is .*--public-url/);
    expect(read().calls).toEqual([]);
  },
);

test("a dry run prints every command and runs none", () => {
  const said: string[] = [];
  rehearse(stepsOf(plan), (line) => said.push(line));
  expect(said.filter((line) => /^\d/.test(line))).toHaveLength(11);
  expect(said).toContain("    wrangler queues create edits-dead    (if needed)");
  expect(read().calls).toEqual([]);
});
