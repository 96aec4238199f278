// How the command handles a server's answers, with a small test server. infra/local/clients.slow.test.ts uses the real
// one.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { editWith } from "../../../shared/edit.fixture.ts";
import type { Edit } from "../../../shared/edit.ts";
import { runEdit } from "./command.fixture.ts";

const PROMPT = "a person wearing glasses";

const EDIT = editWith();

/** How the edit ends, and what the server was asked. */
let end: Partial<Edit> | null = null;
let refusal: { status: number; code: string; errors?: { path: string; message: string }[] } | null = null;
let asked: string[] = [];
let order: Record<string, unknown> = {};
let following = () => {};

const api = new Hono();
api.use(async (c, next) => {
  asked.push(`${c.req.method} ${c.req.path}`);
  if (refusal === null) return next();
  const { status, code, errors } = refusal;
  const problem = {
    type: "about:blank",
    title: code,
    status,
    detail: "as the test wants it",
    code,
    request_id: "r",
  };
  return new Response(JSON.stringify({ ...problem, errors }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
});
api.get("/v1/presets", (c) =>
  c.json({ presets: [{ name: "fast", schedule: { steps: 4, structuring_steps: 1, solver: "fireflow" } }] }),
);
api.post("/v1/edits", async (c) => {
  order = { ...(await c.req.parseBody()), key: c.req.header("Authorization") };
  return c.json(EDIT, 202);
});
api.get("/v1/edits/:id/events", (c) =>
  streamSSE(c, async (stream) => {
    following();
    await stream.writeSSE({ id: "1", event: "queued", data: '{"position":1}' });
    const [ended] = [end];
    if (ended !== null)
      await stream.writeSSE({
        id: "2",
        event: String(ended.status),
        data: JSON.stringify({ ...EDIT, ...ended }),
      });
    else await new Promise((resolve) => c.req.raw.signal.addEventListener("abort", resolve));
  }),
);
api.post("/v1/edits/:id/cancel", (c) => c.json({ ...EDIT, status: "canceled" }));

let server: ReturnType<typeof serve>;
let folder: string;
let photo: string;
let url: string;

beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: api.fetch, port: 0, hostname: "127.0.0.1" }, (info) => resolve(info.port));
  });
  url = `http://127.0.0.1:${port}`;
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-api-"));
  photo = join(folder, "photo.png");
  const plain = sharp({ create: { width: 96, height: 96, channels: 3, background: "#c98" } });
  await plain.png().toFile(photo);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  [end, refusal, asked, order, following] = [null, null, [], {}, () => {}];
});

const KEY = { env: { FLUX_API_KEY: "sk_test" } };
const edit = (...args: string[]) => runEdit([photo, PROMPT, "--api", url, ...args], KEY);

test("an order contains what was asked for, and the key authenticates it", async () => {
  end = { status: "failed", error: { code: "internal", detail: "the GPU is out" } };
  const options = [
    "--source",
    "a man",
    "--steps",
    "2",
    "--grow",
    "0.1",
    "--face",
    "1",
    "--no-paste",
    "--out",
  ];
  const ended = await edit(...options, join(folder, "a.webp"));
  expect(ended).toMatchObject({ code: 1, stderr: "error: internal: the GPU is out (edit_1)\n", stdout: "" });
  expect(order).toMatchObject({
    key: "Bearer sk_test",
    prompt: PROMPT,
    source_prompt: "a man",
    composite: "none",
    face: "1",
    output: '{"format":"webp"}',
  });
  expect(JSON.parse(String(order.schedule))).toMatchObject({ steps: 2, structuring_steps: 2 });
  expect(asked).toContain("GET /v1/presets");
  expect(JSON.parse(String(order.mask_options))).toMatchObject({ grow: 0.1 });
  expect(await (order.image as File).type).toBe("image/png");
  expect(await readdir(folder)).toEqual(["photo.png"]);
});

test("a preset is asked for by its name, as tokens allow it; changed, it is the server's own with the change", async () => {
  end = { status: "failed", error: { code: "internal", detail: "the GPU is out" } };
  await edit("--preset", "fast");
  expect(order.schedule).toBe("fast");
  expect(asked).not.toContain("GET /v1/presets");
  await edit("--preset", "fast", "--guidance", "4");
  expect(JSON.parse(String(order.schedule))).toMatchObject({
    steps: 4,
    solver: "fireflow",
    guidance: { edit: 4 },
  });
});

test("an edit that fails because of the photo ends with 2, with JSON too; a token replaces the key", async () => {
  end = { status: "failed", error: { code: "image_rejected", detail: "no face is in it" } };
  const ended = await runEdit([photo, PROMPT, "--json", "--api", `${url}/v1/edits?token=a.b`], KEY);
  expect(ended.code).toBe(2);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    status: "failed",
    out: null,
    error: { code: "image_rejected", message: "image_rejected: no face is in it (edit_1)" },
  });
  expect(order).toMatchObject({ key: undefined });
});

test.each([
  [401, "unauthorized", 4],
  [402, "insufficient_credits", 4],
  [422, "invalid_request", 2],
  [500, "internal", 1],
] as const)("%i %s", async (status, code, exit) => {
  refusal = { status, code, errors: [{ path: "prompt", message: "it is too short" }] };
  const ended = await edit();
  expect(ended.stderr).toBe(`error: ${code}: as the test wants it; prompt: it is too short\n`);
  expect(ended.code).toBe(exit);
});

test("a refused key is refused for every photo, so the command stops at the first", async () => {
  refusal = { status: 401, code: "unauthorized" };
  const where = ["--out", join(folder, "all")];
  const second = join(folder, "second.png");
  await sharp(photo).toFile(second);
  const ended = await runEdit([photo, second, PROMPT, "--api", url, ...where], KEY);
  expect(ended.code).toBe(4);
  expect(asked).toEqual(["POST /v1/edits"]);
});

test("reports a server that cannot be reached", async () => {
  const ended = await runEdit([photo, PROMPT, "--api", "http://127.0.0.1:9"], KEY);
  expect(ended.stderr).toMatch(
    /^error: nothing answers at http:\/\/127\.0\.0\.1:9[^\n]*; is the server running there\?\n$/,
  );
  expect(ended.code).toBe(4);
});

test("Ctrl-C cancels the edit on the server before the command ends", async () => {
  const interruptWhen = new Promise<void>((resolve) => {
    following = resolve;
  });
  const ended = await runEdit([photo, PROMPT, "--api", url], { ...KEY, interruptWhen });
  expect(ended).toMatchObject({ code: 130, stderr: "error: the edit was cancelled\n" });
  expect(asked.at(-1)).toBe("POST /v1/edits/edit_1/cancel");
});
