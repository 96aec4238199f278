import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edit, editSchema } from "../../shared/edit.ts";
import { Client, PORTRAIT } from "./client.fixture.ts";
import { freePort } from "./ports.ts";
import { descendantsOf, npmStart, readiness, type Started, stillAlive } from "./start.fixture.ts";

// One installation from its first start to its last. The tests build on each other.
const folder = mkdtempSync(join(tmpdir(), "flux-start-"));
const readyFile = join(folder, "ready.json");
const key = crypto.randomUUID();
let env: Record<string, string>;
let started: Started;
let ready: Awaited<ReturnType<typeof readiness>>;
let client: Client;
let edit: Edit;

async function start(): Promise<void> {
  started = npmStart(env);
  ready = await readiness(started, readyFile);
  client = new Client(ready.url, ready.api_key);
}

beforeAll(async () => {
  env = { PORT: String(await freePort()), STATE_DIR: join(folder, "state"), READY_FILE: readyFile };
  await start();
}, 90_000);

afterAll(() => {
  started.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

const pixels = async (bytes: ArrayBuffer | string) =>
  sharp(bytes).removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });

it("reports its address and key to this user only", () => {
  expect(ready).toMatchObject({ url: `http://127.0.0.1:${env.PORT}`, mode: 0o600 });
  expect(started.printed()).toContain(ready.api_key);
  expect(started.printed()).not.toContain(ready.admin_key);
});

it("edits a portrait over HTTP without changing a pixel outside the mask", { timeout: 120_000 }, async () => {
  expect(await client.account()).toMatchObject({ balance: 10_000, held: 0 });
  const answer = await client.create({ steps: 10, idempotencyKey: key, wait: 60 });
  expect(answer.status).toBe(200);
  edit = editSchema.parse(await answer.json());
  expect(edit).toMatchObject({ status: "succeeded", error: null, mask: { source: "pasl" } });
  expect(edit.preservation?.psnr_outside_db).toBeGreaterThan(15);
  expect(await client.account()).toMatchObject({ balance: 10_000 - edit.usage.credits, held: 0 });

  const download = async (url = "") => {
    const file = await fetch(url);
    expect(file.status).toBe(200);
    return pixels(await file.arrayBuffer());
  };
  const [before, after, mask] = await Promise.all([
    pixels(PORTRAIT),
    download(edit.image?.url),
    download(edit.mask?.url),
  ]);
  expect(after.info).toMatchObject({ width: before.info.width, height: before.info.height, channels: 3 });
  expect(mask.info).toMatchObject({ width: before.info.width, height: before.info.height });
  let [outside, changedOutside, inside, changedInside] = [0, 0, 0, 0];
  for (let i = 0; i < before.data.length; i += 1) {
    const share = mask.data[Math.floor(i / 3) * mask.info.channels + (i % mask.info.channels)];
    const change = Math.abs((after.data[i] ?? 0) - (before.data[i] ?? 0));
    if (share === 0) {
      outside += 1;
      changedOutside += change > 0 ? 1 : 0;
    } else if (share !== undefined && share >= 128) {
      inside += 1;
      changedInside += change > 4 ? 1 : 0;
    }
  }
  expect(outside).toBeGreaterThan(before.data.length / 2);
  expect(changedOutside).toBe(0);
  expect(changedInside / inside).toBeGreaterThan(0.1);
});

it("returns the same edit for the same request", async () => {
  const { balance } = await client.account();
  const again = await client.create({ steps: 10, idempotencyKey: key });
  expect(again.status).toBe(200);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await again.json()).toMatchObject({ id: edit.id, status: "succeeded" });
  expect((await client.create({ steps: 11, idempotencyKey: key })).status).toBe(409);
  expect(await client.account()).toMatchObject({ balance, held: 0 });
});

it("prints a curl command that makes an edit", { timeout: 90_000 }, () => {
  const [line = ""] = started.printed().match(/curl [\s\S]*?glasses'/) ?? [];
  const { stdout } = spawnSync("sh", ["-c", line], {
    encoding: "utf8",
    cwd: join(import.meta.dirname, "../.."),
  });
  expect(JSON.parse(stdout)).toMatchObject({ status: "succeeded", cache: { mask: true } });
});

it("refuses a port or state folder in use, with one line", async () => {
  const second = npmStart({ ...env, READY_FILE: "" });
  expect(await second.exited).toBe(1);
  expect(second.printed()).toBe(`port ${env.PORT} is taken: choose another with PORT=…\n`);
  const third = npmStart({ ...env, READY_FILE: "", PORT: String(await freePort()) });
  expect(await third.exited).toBe(1);
  expect(third.printed()).toMatch(/^.* is in use by process \d+\n$/);
});

it("ends all its processes on Ctrl-C", async () => {
  const { pid = 0 } = started.process;
  const family = descendantsOf(pid);
  expect(family.length).toBeGreaterThan(6);
  const began = Date.now();
  for (const each of [pid, ...descendantsOf(pid).slice(0, 1)]) process.kill(each, "SIGINT");
  expect(await started.exited).toBe(0);
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(stillAlive(family)).toEqual([]);
});

it("keeps its state for the next start", { timeout: 90_000 }, async () => {
  const { api_key: known } = ready;
  await start();
  expect(ready.api_key).toBe(known);
  expect(await client.edit(edit.id)).toMatchObject({ id: edit.id, status: "succeeded" });
  const { balance, held } = await client.account();
  expect(balance).toBeLessThan(10_000);
  expect(held).toBe(0);
});

it("leaves no process behind when it is killed", { timeout: 30_000 }, async () => {
  const { pid = 0 } = started.process;
  const family = descendantsOf(pid);
  started.process.kill("SIGKILL");
  await expect.poll(() => stillAlive(family), { timeout: 15_000 }).toEqual([]);
});
