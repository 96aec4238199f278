import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { PromptPolicy } from "../../../shared/moderation/policies.ts";
import { type Moderation, moderationOf, moderationSettings } from "../../../shared/moderation/settings.ts";
import { InputError } from "../errors.ts";
import { openFaceDetector } from "./faces.ts";
import { openJudge } from "./judge.ts";
import { type Moderator, NO_MODERATION, openModerator } from "./moderator.ts";
import { smallPicture } from "./picture.ts";
import { MINI, moderationFor, moderatorSettings } from "./settings.ts";
import { realWeights } from "./weights.fixture.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const portrait = (number: number) => readFile(join(EXAMPLES, `portrait-0${number}.png`));

const having = (variables: Record<string, string>): Moderation =>
  moderationOf(z.object(moderationSettings).parse(variables));

/** Only the picture policies, which open quickly. */
const picturesOnly = (variables: Record<string, string>) =>
  having({ MODERATION_OFF: "prompt.sexual prompt.minors prompt.hate prompt.real_person", ...variables });

let weights: string;
let moderator: Moderator;

beforeAll(async () => {
  weights = await realWeights();
  moderator = await openModerator(moderationFor(z.object(moderatorSettings).parse({}), MINI), weights);
  await moderator.ready;
}, 120_000);

afterAll(() => moderator.close());

test.each<[PromptPolicy | null, string]>([
  ["prompt.sexual", "a naked man"],
  ["prompt.sexual", "an adult film star in a seductive bedroom scene"],
  ["prompt.minors", "una niña pequeña"],
  ["prompt.hate", "exaggerated slanted eyes to make fun of asians"],
  ["prompt.real_person", "swap his face with that of the king of england"],
  [null, "a woman wearing glasses"],
  [null, "nude lipstick and a hijab"],
  [null, "a 25 year old black man with a scar"],
])("%s: %s", async (policy, prompt) => {
  expect((await moderator.prompts([prompt, "a person."]))?.policy ?? null).toBe(policy);
});

test("drawn portraits, which the embedded model is for, pass", async () => {
  for (let i = 1; i <= 8; i++) expect(await moderator.photo(await portrait(i)), `portrait ${i}`).toBeNull();
});

test("each threshold is applied: a photo, a result and a face are refused with the policy's name", async () => {
  const photo = await portrait(1);
  const sexual = await openJudge(picturesOnly({ MODERATION_THRESHOLDS: "image.sexual=0" }), weights);
  expect(await sexual.photo(photo)).toMatchObject({ policy: "image.sexual" });
  const { data: rgb } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(await sexual.result({ width: 512, height: 512, rgb })).toMatchObject({ policy: "image.sexual" });
  const aged = await openJudge(picturesOnly({ MODERATION_THRESHOLDS: "image.age=80" }), weights);
  expect(await aged.photo(photo)).toMatchObject({ policy: "image.age" });
  expect(await aged.result(photo), "a result is not asked for its age").toBeNull();
});

test("a photo without a face is handled as the setting says", async () => {
  const grey = await sharp({ create: { width: 256, height: 256, channels: 3, background: "#888" } })
    .png()
    .toBuffer();
  expect(await (await openJudge(picturesOnly({}), weights)).photo(grey)).toBeNull();
  const strict = await openJudge(picturesOnly({ MODERATION_NO_FACE: "refuse" }), weights);
  expect(await strict.photo(grey)).toMatchObject({
    policy: "image.age",
    detail: expect.stringContaining("no face"),
  });
  expect(await (await openJudge(picturesOnly({ MODERATION_OFF: "all" }), weights)).photo(grey)).toBeNull();
});

test("a face and its eyes are found, whatever the picture's orientation tag", async () => {
  const detect = await openFaceDetector(weights);
  const turned = await sharp(await portrait(1))
    .rotate(90)
    .withMetadata({ orientation: 8 })
    .jpeg()
    .toBuffer();
  const [straight, upright] = await Promise.all(
    [await portrait(1), turned].map(async (bytes) => (await detect(await smallPicture(bytes)))[0]),
  );
  expect(straight?.eyes[0][0]).toBeLessThan(straight?.eyes[1][0] ?? 0);
  for (const eye of [0, 1] as const)
    for (const axis of [0, 1] as const)
      expect(Math.abs((upright?.eyes[eye][axis] ?? 0) - (straight?.eyes[eye][axis] ?? 0))).toBeLessThan(6);
});

test("a photo that no edit could decode is refused for that reason, through the thread", async () => {
  await expect(moderator.photo(new Uint8Array([1, 2, 3]))).rejects.toThrow(InputError);
});

test("with everything off there is nothing to open, and nothing refuses", async () => {
  const off = await openModerator(having({ MODERATION_OFF: "all" }), "/nowhere");
  expect(off.state.on).toEqual([]);
  expect(await off.prompts(["a naked man"])).toBeNull();
  expect(await NO_MODERATION.photo(new Uint8Array())).toBeNull();
});
