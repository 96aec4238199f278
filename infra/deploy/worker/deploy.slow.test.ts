import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deploy, rehearse } from "./deploy.ts";
import type { Plan } from "./deployment-plan.ts";
import { type FakeAccount, fakeAccountSchema } from "./fake-account.fixture.ts";
import { stepsOf } from "./steps.ts";
import { wranglerAt } from "./wrangler.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-deploy-"));
const file = join(folder, "account.json");
const secretsFile = join(folder, "production.env");
const worker = createServer((_, answer) => answer.end("ok"));
/** The GPU function's own health; without the proxy's token nobody is let through. */
const gpu = createServer(({ headers }, answer) => {
  const allowed = headers["modal-key"] === "wk-1" && headers["modal-secret"] === "ws-1";
  if (!allowed) answer.statusCode = 401;
  answer.end(
    allowed ? JSON.stringify({ status: "loading", model: { id: "flux-dev", version: "1.0.0" } }) : "",
  );
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
  const secret = "0123456789".repeat(4);
  writeFileSync(secretsFile, `SIGNING_SECRET=${secret}\nGPU_SECRET="${secret}"\nEMPTY=\n`);
  write({});
});

const write = (change: Partial<FakeAccount>) => writeFileSync(file, JSON.stringify({ ...EMPTY, ...change }));
const read = () => fakeAccountSchema.parse(JSON.parse(readFileSync(file, "utf8")));

/** A deployment but for its first step, which wants https. */
async function run(given: Plan = plan): Promise<string> {
  const said: string[] = [];
  await deploy(stepsOf(given).slice(1), fake, (line) => said.push(line));
  return said.join("\n");
}

test("an empty account gets everything, each step said; a second run creates nothing", async () => {
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
  expect(said).toContain("1/9 who is logged in\n    ops@example.com, account Example");
  expect(said).toContain("0 there, 2 to upload");
  expect(said).toContain("without UPSTASH_REDIS_REST_URL, every mask is located anew");
  expect(said).toContain("4/9 bucket images\n    created");
  expect(said).toContain("deployed, version 0d3c2f5e");

  write({ ...made, calls: [] });
  const again = await run();
  expect(again).not.toContain("created");
  expect(again.match(/^ {4}there$/gm)).toHaveLength(3);
  expect(again).toContain("as it should be");
  expect(read().calls.filter((call) => /create|add|remove/.test(call))).toEqual([]);
});

test("a GPU function that runs another model than edits are charged for is refused before anything is created", async () => {
  const proxied = "MODAL_KEY=wk-1\nMODAL_SECRET=ws-1\n";
  writeFileSync(secretsFile, `${readFileSync(secretsFile, "utf8")}${proxied}`);
  await expect(run()).rejects.toThrow("MODEL is mini, and the GPU function runs flux-dev: set MODEL");
  expect(read()).toMatchObject({ buckets: {}, queues: [] });
  expect(await run({ ...plan, model: "flux-dev" })).toContain(
    "the GPU function runs flux-dev\n    it does\n",
  );
});

test("one that lets nobody through is said to be unknown", async () => {
  expect(await run()).toContain("the GPU function runs mini\n    it does not say so now");
});

test("another retention changes the bucket's rule", async () => {
  write({ buckets: { images: [{ name: "expire-content", prefix: "acct_", days: 5 }] } });
  expect(await run()).toContain("rule changed: it was 5 days");
  expect(read().buckets.images).toEqual([{ name: "expire-content", prefix: "acct_", days: 2 }]);
});

test("nobody logged in: one line, and nothing was done", async () => {
  write({ login: null });
  await expect(run()).rejects.toThrow(/^wrangler is not logged in: run `npx wrangler login`/);
  expect(read().calls).toEqual(["whoami --json"]);
});

test("several accounts: which one is a variable, not a question", async () => {
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
    "MODAL_SECRET is missing: it goes with MODAL_KEY; SIGNING_SECRET is shorter",
  ],
])("secrets that are missing or wrong are named before anything is created: %j", async (text, reason) => {
  writeFileSync(secretsFile, text);
  await expect(run()).rejects.toThrow(reason);
  expect(read()).toMatchObject({
    buckets: {},
    queues: [],
    calls: ["whoami --json", "secret list --format json"],
  });
});

test("secrets that the worker has need not be given again", async () => {
  write({ secrets: ["SIGNING_SECRET", "MODAL_KEY", "MODAL_SECRET"] });
  expect(await run({ ...plan, secretsFile: null })).toContain("3 there, 0 to upload");
});

test("a file that cannot be read is said without its content", async () => {
  const json = join(folder, "production.json");
  writeFileSync(json, '{"SIGNING_SECRET": "hush');
  const refused = run({ ...plan, secretsFile: json });
  await expect(refused).rejects.toThrow(`${json}: it is not readable as such`);
  await expect(run({ ...plan, secretsFile: join(folder, "nowhere") })).rejects.toThrow("ENOENT");
});

test("what the API refuses ends it, with the command and the reason", async () => {
  write({ broken: "queues info" });
  await expect(run()).rejects.toThrow(/^wrangler queues info edits: A request to the Cloudflare API/);
});

test.each(["https://flux-sculptor.example.com", "http://plain.test", "", "nonsense"])(
  "the address %j is refused before anything else",
  async (publicUrl) => {
    const steps = stepsOf({ ...plan, publicUrl });
    await expect(deploy(steps, fake, () => {})).rejects.toThrow(/^PUBLIC_URL is .*--public-url/);
    expect(read().calls).toEqual([]);
  },
);

test("a rehearsal says every command and runs none", () => {
  const said: string[] = [];
  rehearse(stepsOf(plan), (line) => said.push(line));
  expect(said.filter((line) => /^\d/.test(line))).toHaveLength(10);
  expect(said).toContain("    wrangler queues create edits-dead    (where it is needed)");
  expect(read().calls).toEqual([]);
});
