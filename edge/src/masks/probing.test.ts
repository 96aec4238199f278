// Someone who has the photo and knows the prompt, and can even read Upstash, cannot learn whether it was edited here.
import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { MODELS } from "../../../shared/models.ts";
import { sha256 } from "../../../shared/signing.ts";
import { answer, bindings, call, customer, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { png } from "../../test/pictures.ts";
import { settingsOf } from "../env.ts";
import { maskKey } from "./cache.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});
afterEach(() => gpu[Symbol.dispose]());

const PHOTO = png(64, 64, [], 77);
const PROMPT = "a woman wearing glasses";

interface Located {
  mask: { source: string; coverage: number };
}

/** Has a mask located on an account's own upload of the photo. */
async function located(key: string): Promise<Located> {
  return answer(call("/v1/masks", { key, body: { image: await uploaded(key, PHOTO), prompt: PROMPT } }), 200);
}

/** Names of all entries of the mask cache. */
async function names(): Promise<string[]> {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token } = settingsOf(bindings);
  const found = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(["SCAN", 0, "MATCH", "mask:*", "COUNT", 100_000]),
  });
  const { result } = (await found.json()) as { result: [string, string[]] };
  return result[1];
}

test("another account's identical photo and prompt are located again, as if for the first time", async () => {
  const [first, second] = [await customer(), await customer()];
  expect((await located(first.key)).mask.source).toBe("pasl");
  expect((await located(first.key)).mask.source).toBe("cache");
  const asked = gpu.tasks.length;
  const theirs = await located(second.key);
  expect(theirs.mask.source).toBe("pasl");
  // the GPU function did the same work for it, under another pseudonym: timing shows no shortcut
  expect(gpu.tasks).toHaveLength(asked + 1);
  const [ours, other] = [gpu.tasks[0], gpu.tasks.at(-1)];
  expect(other?.photo.sha256).toBe(ours?.photo.sha256);
  expect(other?.tenant).not.toBe(ours?.tenant);
});

test("account, photo, prompt and code are not enough to find an entry without the deployment's secret", async () => {
  const { account, key } = await customer();
  await located(key);
  const entries = new Set(await names());
  const photo = await sha256(PHOTO);
  const settings = settingsOf(bindings);
  const options = maskOptionsSchema.parse({});
  const acct = account as `acct_${string}`;
  const real = await Promise.all([
    maskKey(settings, acct, photo, [PROMPT]),
    maskKey(settings, acct, photo, [PROMPT], { options }),
  ]);
  for (const name of real) expect(entries).toContain(`mask:${name}`);

  const parts = JSON.stringify([account, photo, [PROMPT], MODELS[settings.MODEL].pasl, null]);
  const guessed = "x".repeat(40);
  const guesses = [
    createHash("sha256").update(parts).digest("hex"),
    createHash("sha256").update(PHOTO).digest("hex"),
    ...["", "mask-cache", account, photo, PROMPT, guessed].map((secret) =>
      createHmac("sha256", secret).update(parts).digest("hex"),
    ),
    await maskKey({ ...settings, signingSecrets: [guessed] }, acct, photo, [PROMPT]),
    await maskKey({ ...settings, signingSecrets: [guessed] }, acct, photo, [PROMPT], { options }),
  ];
  for (const name of guesses) expect(entries).not.toContain(`mask:${name}`);
});

test("an entry's name leads to no other: neither from a located to its finished mask nor from one prompt to the next", async () => {
  const settings = settingsOf(bindings);
  const account = (await customer()).account as `acct_${string}`;
  const photo = await sha256(PHOTO);
  const [known, next] = await Promise.all([
    maskKey(settings, account, photo, ["glasses"]),
    maskKey(settings, account, photo, ["glasses", "beard"]),
  ]);
  const bits = [...Buffer.from(known, "hex")].map((byte, i) => byte ^ (Buffer.from(next, "hex")[i] ?? 0));
  const different = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  // half of 256 bits, plus or minus six standard deviations
  expect(Math.abs(different - 128)).toBeLessThan(48);
});
