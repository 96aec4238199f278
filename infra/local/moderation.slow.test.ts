import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realWeights } from "../../gpu-fn/src/moderation/weights.fixture.ts";
import type { Edit } from "../../shared/edit.ts";
import { problemSchema } from "../../shared/problem.ts";
import { openAccount } from "./account.ts";
import { freePort } from "./ports.ts";
import { type Stack, startStack } from "./stack.ts";
import { openState } from "./state.ts";
import { MOCK } from "./upstash/server.ts";

const PHOTO = readFileSync(join(import.meta.dirname, "../../gpu-fn/examples/portrait-01.png"));

/**
 * Between what the classifier makes of that portrait (0.003) and of its edits (0.007 to 0.009): so the real classifier lets
 * the photo pass and refuses what comes of it.
 */
const BETWEEN = "image.sexual=0.005";

let folder: string;
let stack: Stack;
let key: string;

beforeAll(async () => {
  await realWeights();
  folder = mkdtempSync(join(tmpdir(), "flux-moderation-"));
  const state = openState(folder);
  stack = await startStack({
    state,
    port: await freePort(),
    redisServer: MOCK,
    gpuEnv: { MODERATION_OFF: "", MODERATION_THRESHOLDS: BETWEEN },
    say: () => {},
  });
  await stack.workerUp();
  key = await openAccount(stack.url, state);
  await stack.gpuReady();
}, 120_000);

afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

const authorization = () => ({ Authorization: `Bearer ${key}` });

function edit(prompt: string): Promise<Response> {
  const body = new FormData();
  body.set("image", new Blob([PHOTO], { type: "image/png" }), "photo.png");
  body.set("prompt", prompt);
  body.set("source_prompt", "a woman");
  body.set("schedule", JSON.stringify({ steps: 4, structuring_steps: 1 }));
  const headers = { ...authorization(), Prefer: "wait=60" };
  return fetch(`${stack.url}/v1/edits`, { method: "POST", body, headers });
}

const account = async () => (await fetch(`${stack.url}/v1/account`, { headers: authorization() })).json();

test("words are refused by the worker, their sense and the result by the GPU function; nothing is charged", async () => {
  const before = await account();

  const words = await edit("a woman with her naked breasts");
  expect(words.status).toBe(422);
  const problem = problemSchema.parse(await words.json());
  expect(problem).toMatchObject({ code: "moderated", policy: "prompt.sexual" });
  expect(problem.request_id).toBe(words.headers.get("X-Request-Id"));

  // words that name nothing the model edits would be refused for that, before their sense is judged
  const sense = (await (
    await edit("an adult film star in a seductive bedroom scene, with long red hair")
  ).json()) as Edit;
  expect(sense).toMatchObject({ status: "failed", image: null, usage: { credits: 0 } });
  expect(sense.error).toMatchObject({ code: "moderated", policy: "prompt.sexual" });

  const result = (await (await edit("a woman with long red hair")).json()) as Edit;
  expect(result).toMatchObject({ status: "failed", image: null, usage: { credits: 0 } });
  expect(result.error).toMatchObject({ code: "moderated", policy: "image.sexual" });
  expect(result.error?.detail).toMatch(/^the result is refused/);

  expect(await account()).toEqual(before);
  const health = await (await fetch(`${stack.url}/healthz`)).json();
  expect(health).toMatchObject({ moderation: { off: [] }, gpu: { moderation: { off: [] } } });
});
