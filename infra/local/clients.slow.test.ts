// Clients of the API against the real parts: the command line with --api, and the flow of the mobile example.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fetch, follow, type Session, start, upload } from "../../edge/docs/examples/mobile/flow.ts";
import { signer } from "../../edge/docs/examples/mobile/server.ts";
import { runEdit } from "../../gpu-fn/src/cli/command.fixture.ts";
import { createClient } from "../../shared/client/src/index.ts";
import { PORTRAIT } from "./client.fixture.ts";
import { type BreakableStack, startBreakable } from "./stack.fixture.ts";
import { MOCK } from "./upstash/server.ts";

const PROMPT = "a woman wearing glasses";
let parts: BreakableStack;
let folder: string;
let url: string;

beforeAll(async () => {
  parts = await startBreakable(MOCK);
  url = parts.client.url;
  folder = mkdtempSync(join(tmpdir(), "flux-clients-"));
}, 120_000);

afterAll(async () => {
  await parts.stop();
  rmSync(folder, { recursive: true });
});

const pixels = async (file: string) => (await sharp(file).removeAlpha().raw().toBuffer()).toString("base64");

test("the command gives the same pixels on a server as locally", async () => {
  const command = async (where: "here" | "there", ...options: string[]) => {
    const path = (name: string) => join(folder, `${where}-${name}.png`);
    const files = ["--out", path("out"), "--mask-out", path("mask"), "--grid", path("grid"), "--json"];
    const args = [PORTRAIT, PROMPT, "--source", "a woman", "--steps", "6", "--feather", "0.03"];
    const ended = await runEdit([...args, ...files, ...options], { env: { FLUX_API_KEY: parts.key } });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    return { answer: JSON.parse(ended.stdout), path };
  };
  const here = await command("here");
  const there = await command("there", "--api", url);
  for (const name of ["out", "mask", "grid"])
    expect(await pixels(there.path(name)), name).toBe(await pixels(here.path(name)));
  const { out, mask_out, grid, seconds, edit_id, credits, ...same } = here.answer;
  expect(there.answer).toMatchObject({ ...same, edit_id: expect.stringMatching(/^edit_/), credits: 1 });
  expect([edit_id, credits]).toEqual([null, null]);
  expect(there.answer.seconds).toBeGreaterThan(0);
});

test("alternatives of one photo share its inversion", async () => {
  const client = createClient({ url, key: parts.key });
  const { id: image } = await client.upload(readFileSync(PORTRAIT));
  const schedule = { steps: 5, structuring_steps: 1 };
  const alternatives = [{ prompt: PROMPT }, { prompt: "a woman with bangs" }];
  const accepted = await client.createAlternatives({
    image,
    source_prompt: "a woman",
    schedule,
    alternatives,
  });
  const edits = await Promise.all(accepted.map(({ id }) => client.waitForEdit(id)));
  expect(edits.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  expect(edits.map(({ cache }) => cache.inversion).toSorted()).toEqual([false, true]);
});

test("a signed token suffices for one edit, and Ctrl-C returns the credits", async () => {
  const client = createClient({ url, key: parts.key });
  const { url: signed } = await client.createToken({ action: "edit", expires_in: 600, max_uses: 1 });
  const args = [PORTRAIT, PROMPT, "--steps", "60", "--out", join(folder, "token.png")];
  const { balance } = await client.getAccount();
  const running = (async () => {
    for (;;)
      for await (const edit of client.listEdits({ limit: 1 })) {
        if (edit.status === "running") return;
        await new Promise((resolve) => setTimeout(resolve, 50));
        break;
      }
  })();
  const ended = await runEdit([...args, "--api", signed], { interruptWhen: running });
  expect(ended).toMatchObject({ code: 130, stderr: "error: the edit was cancelled\n" });
  await expect.poll(() => client.getAccount()).toMatchObject({ balance, held: 0 });
  const again = await runEdit([...args, "--api", signed]);
  expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining("forbidden") });
});

test("the mobile example uploads by signed URL, edits by token, reads events and shares a render", async () => {
  const sent: string[] = [];
  const phone: Fetch = (address, init) => {
    sent.push(`${address}${JSON.stringify(init?.headers ?? {})}`);
    return fetch(address, init);
  };
  let server: ReturnType<typeof serve> | undefined;
  const app = signer(createClient({ url, key: parts.key }));
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (info) => resolve(info.port));
  });
  try {
    const ask = async <T>(path: string, body: unknown = {}) => {
      const init = { method: "POST", body: JSON.stringify(body) };
      return (await (await fetch(`http://127.0.0.1:${port}${path}`, init)).json()) as T;
    };
    const session = await ask<Session>("/session");
    const image = await upload(phone, session, {
      bytes: new Uint8Array(readFileSync(PORTRAIT)),
      type: "image/png",
    });
    const order = { image, prompt: PROMPT, source_prompt: "a woman", schedule: { steps: 6 } };
    const edit = await start(phone, session, order);
    expect(edit.status).toBe("queued");
    const happenings = [];
    for await (const happening of follow(phone, edit)) happenings.push(happening);
    expect(happenings.map(({ event }) => event)).toContain("started");
    const last = happenings.at(-1);
    if (last?.event !== "succeeded") expect.fail(`it ${last?.event}`);
    const picture = await fetch(last.data.image?.url ?? "");
    expect(await sharp(await picture.arrayBuffer()).metadata()).toMatchObject({ width: 512, height: 512 });

    const { url: shared } = await ask<{ url: string }>("/share", { image, prompt: PROMPT });
    expect(shared).toContain("/v1/render/");
    const looked = await fetch(shared);
    expect([looked.status, looked.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.join("\n")).not.toContain(parts.key);
  } finally {
    server?.close();
  }
});
