import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import type { SignRequest } from "../../../shared/sign.ts";
import type { ClaimsOf } from "./claims.ts";
import { granted } from "./grants.ts";
import { type Asked, violationOf } from "./limits.ts";

const IMAGE = newId("img");
const PROMPT = "a woman wearing glasses";
const asked: Asked = { image: IMAGE, prompt: PROMPT, preset: "paper", credits: 10 };

async function edit(constraints: Extract<SignRequest, { action: "edit" }>["constraints"]) {
  const grantor = { account: newId("acct"), key: newId("key") };
  const claims = await granted(grantor, { action: "edit", expires_in: 60, constraints }, Date.now());
  return claims as ClaimsOf<"edit">;
}

test("a token without constraints allows any edit", async () => {
  for (const change of [asked, { ...asked, image: null }, { ...asked, preset: null, credits: 999 }])
    expect(await violationOf(await edit(undefined), change)).toBeNull();
});

test("a request that satisfies every constraint passes", async () => {
  const claims = await edit({
    image: IMAGE,
    prompts: ["a smile", PROMPT],
    presets: ["paper"],
    max_credits: 10,
  });
  expect(await violationOf(claims, asked)).toBeNull();
});

test.each<[string, Parameters<typeof edit>[0], Partial<Asked>, RegExp]>([
  ["another image", { image: IMAGE }, { image: newId("img") }, /another image/],
  ["an image that came along", { image: IMAGE }, { image: null }, /another image/],
  ["another prompt", { prompts: [PROMPT] }, { prompt: "a beard" }, /other prompts/],
  ["a longer prompt", { prompts: [PROMPT] }, { prompt: `${PROMPT}, a beard` }, /other prompts/],
  ["two allowed prompts as one", { prompts: [PROMPT, "a smile"] }, { prompt: `${PROMPT}, a smile` }, /other/],
  ["a schedule of one's own", { presets: ["paper"] }, { preset: null }, /presets only: paper/],
  ["a dearer edit", { max_credits: 9 }, {}, /9 credits an edit; this one costs 10/],
  ["a webhook", undefined, { webhookUrl: "https://example.com" }, /webhook_url/],
])("it does not allow %s", async (_, constraints, change, why) => {
  expect(await violationOf(await edit(constraints), { ...asked, ...change })).toMatch(why);
});

test("a mask of the token's image and prompt passes whatever its presets and credits", async () => {
  const claims = await edit({ image: IMAGE, prompts: [PROMPT], presets: ["paper"], max_credits: 1 });
  expect(await violationOf(claims, { image: IMAGE, prompt: PROMPT })).toBeNull();
  expect(await violationOf(claims, { image: newId("img"), prompt: PROMPT })).not.toBeNull();
  expect(await violationOf(claims, { image: IMAGE, prompt: "a beard" })).not.toBeNull();
});

test("no prompt passes except the allowed ones", async () => {
  const claims = await edit({ prompts: [PROMPT] });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constantFrom(`${PROMPT} `, PROMPT.toUpperCase())),
      async (prompt) => {
        expect((await violationOf(claims, { ...asked, prompt })) === null).toBe(prompt === PROMPT);
      },
    ),
  );
});
