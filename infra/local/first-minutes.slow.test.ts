// An API user's first minutes on the real parts: the lines of the pages in a shell, and what one gets wrong without having
// read them, by the API and at the command line.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runEdit } from "../../gpu-fn/src/cli/command.fixture.ts";
import { type Edit, editSchema } from "../../shared/edit.ts";
import { problemSchema } from "../../shared/problem.ts";
import { openAccount } from "./account.ts";
import { Client, PORTRAIT } from "./client.fixture.ts";
import { freePort } from "./ports.ts";
import { type Stack, startStack } from "./stack.ts";
import { openState } from "./state.ts";
import { MOCK } from "./upstash/server.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "flux-minutes-"));
let stack: Stack;
let key: string;
let client: Client;

beforeAll(async () => {
  for (const name of ["gpu-fn", "edge", "infra", "shared", "node_modules", "package.json"])
    symlinkSync(join(ROOT, name), join(folder, name));
  const state = openState(join(folder, "state"));
  // commands keep a small machine busy: a part that is slow then is not to be ended for it
  const patient = { redisServer: MOCK, patienceMs: 120_000, say: () => {} };
  stack = await startStack({ state, port: await freePort(), ...patient });
  await stack.workerUp();
  key = await openAccount(stack.url, state);
  client = new Client(stack.url, key);
  await stack.gpuReady();
}, 240_000);

afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

/** The lines of a page's shell blocks that hold a text. */
const linesOf = (page: string, text: string) =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, lines = ""]) => lines)
    .find((lines) => lines.includes(text)) ?? "";

/** Runs lines of a page as they are, but for the key and the address. */
function shell(lines: string) {
  const env = { ...process.env, FLUX_API_URL: stack.url, FLUX_API_KEY: key, KEY: key };
  const given = lines.replace(/^KEY=.*\n/m, "").replaceAll("http://127.0.0.1:8787", stack.url);
  return promisify(execFile)("sh", ["-ec", given], { cwd: folder, env });
}

/** Size of the picture that an edit gave. */
async function pictureOf(edit: Edit) {
  const picture = await fetch(edit.image?.url ?? "");
  return sharp(await picture.arrayBuffer()).metadata();
}

test("the README's curl and its client's lines make an edit", { timeout: 300_000 }, async () => {
  const edit = editSchema.parse(JSON.parse((await shell(linesOf("README.md", "curl http"))).stdout));
  expect(edit).toMatchObject({ status: "succeeded", read_as: null, warnings: [] });
  expect(await pictureOf(edit)).toMatchObject({ width: 512, height: 512 });
  const { stdout, stderr } = await shell(linesOf("README.md", "first-edit.ts"));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/black-hair\.png, for \d credits?\n$/);
  expect(await sharp(join(folder, "black-hair.png")).metadata()).toMatchObject({ width: 512 });
});

test("the guide's curl makes an edit of one's own photo", { timeout: 300_000 }, async () => {
  const photo = await sharp(PORTRAIT).jpeg().toBuffer();
  writeFileSync(join(folder, "portrait.jpg"), photo);
  const { stdout } = await shell(linesOf("edge/public/docs/first-edit.md", "curl"));
  expect(await pictureOf(editSchema.parse(JSON.parse(stdout)))).toMatchObject({ width: 512, height: 512 });
});

/** The edit, and the sentence that refuses it: before credits are held, or afterwards if that took too long. */
async function ask(
  prompt: string,
  photo: string,
): Promise<{ edit: Edit | null; refusal: string | undefined }> {
  const form = new FormData();
  form.set("image", new Blob([new Uint8Array(readFileSync(photo))]), "photo");
  form.set("prompt", prompt);
  form.set("schedule", "fast");
  const headers = { prefer: "wait=60" };
  const answer = await client.fetch("/v1/edits", { method: "POST", body: form, headers });
  const body = await answer.json();
  if (!answer.ok) return { edit: null, refusal: problemSchema.parse(body).detail };
  const edit = await client.settled(editSchema.parse(body).id);
  return { edit, refusal: edit.error?.detail };
}

async function picture(name: string, width: number, height: number): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { width, height, channels: 3, background: "#39c" } }).toFile(path);
  return path;
}

/** One sentence, as a person writes it: no JSON, no stack, no code. */
const SENTENCE = /^[^\n{}]{10,600}$/;

const PATIENCE = 300_000;

test.each([
  ["no words", "", PORTRAIT, /the prompt is empty|prompt: missing; say what/],
  ["an emoji", "🤓", PORTRAIT, /the prompt holds no words/],
  ["2,000 words", "glasses ".repeat(2_000), PORTRAIT, /longer than 500 characters/],
  ["a script that is not read", "γυαλιά", PORTRAIT, /must be in Latin letters, or in Arabic/],
  ["a pixel", "wearing glasses", "dot.png", /at least 64 pixels/],
  ["a landscape", "wearing glasses", "sea.png", /no face/],
  ["a change that no model was taught", "make me younger", PORTRAIT, /"make me younger" was left out/],
  ["an unknown thing", "clown nose", PORTRAIT, /"clown nose" was left out/],
])(
  "%s is refused in one sentence, here and there, and costs nothing",
  async (_, prompt, photo, sentence) => {
    await picture("dot.png", 1, 1);
    await picture("sea.png", 640, 480);
    const path = photo === PORTRAIT ? photo : join(folder, photo);
    const before = await client.account();
    const { refusal } = await ask(prompt, path);
    expect(refusal).toMatch(SENTENCE);
    expect(refusal).toMatch(sentence);
    expect(await client.account()).toEqual(before);

    const { code, stdout, stderr } = await runEdit([path, prompt, "--out", join(folder, "out.png")]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^error: [^\n{}]+\n$/);
  },
  PATIENCE,
);

test.each([
  ["Brille", "a person wearing"],
  ["眼鏡", "a person wearing"],
  ["make her a brunette", "brown hair"],
  ["Gucci glasses", "a person wearing glasses"],
  ["polka-dot lipstick", "a person wearing lipstick"],
])(
  "%s is read in taught words, and the answer says how",
  async (prompt, words) => {
    const { edit } = await ask(prompt, PORTRAIT);
    expect(edit).toMatchObject({ status: "succeeded", read_as: expect.stringContaining(words) });
    const ended = await runEdit([
      PORTRAIT,
      prompt,
      "--preset",
      "fast",
      "--out",
      join(folder, `${prompt}.png`),
    ]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(edit?.read_as ?? "") });
  },
  PATIENCE,
);
