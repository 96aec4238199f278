import { expect, test } from "vitest";
import { z } from "zod";
import { POLICIES, POLICY_NAMES } from "./policies.ts";
import { moderationOf, moderationSettings, moderationState, moderationWarning } from "./settings.ts";

const schema = z.object(moderationSettings);
const having = (variables: Record<string, string>) => moderationOf(schema.parse(variables));

test("without variables every policy is on with its own threshold", () => {
  const { off, thresholds, noFace } = having({});
  expect([off.size, noFace]).toEqual([0, "allow"]);
  for (const name of POLICY_NAMES) expect(thresholds[name]).toBe(POLICIES[name].threshold);
  expect(moderationWarning(having({}))).toBeNull();
});

test("policies are turned off and tuned by name", () => {
  const moderation = having({
    MODERATION_OFF: "prompt.hate, image.age",
    MODERATION_THRESHOLDS: "image.sexual=0.8 prompt.minors=-0.1",
    MODERATION_NO_FACE: "refuse",
  });
  expect(moderationState(moderation)).toEqual({
    on: ["prompt.sexual", "prompt.minors", "prompt.real_person", "image.sexual"],
    off: ["prompt.hate", "image.age"],
  });
  expect(moderation.thresholds).toMatchObject({ "image.sexual": 0.8, "prompt.minors": -0.1 });
  expect(moderationWarning(moderation)).toMatch(
    /^MODERATION IS OFF for prompt.hate, image.age: nothing refuses/,
  );
  expect(moderationState(having({ MODERATION_OFF: "all" })).on).toEqual([]);
});

test("variables override a deployment's own defaults", () => {
  const given = schema.parse({ MODERATION_THRESHOLDS: "image.age=30" });
  expect(moderationOf(given, { "image.age": 18 }).thresholds["image.age"]).toBe(30);
  expect(moderationOf(schema.parse({}), { "image.age": 18 }).thresholds["image.age"]).toBe(18);
});

test.each([
  { MODERATION_OFF: "prompt.sex" },
  { MODERATION_THRESHOLDS: "image.age" },
  { MODERATION_THRESHOLDS: "image.age=young" },
  { MODERATION_THRESHOLDS: "image.age=" },
  { MODERATION_THRESHOLDS: "image.age=90" },
  { MODERATION_THRESHOLDS: "image.sexual=1.1" },
  { MODERATION_THRESHOLDS: "image.sexual=0.5=0.6" },
  { MODERATION_THRESHOLDS: "prompt.sex=0.5" },
  { MODERATION_NO_FACE: "maybe" },
])("a misspelt variable is refused: %j", (variables) => {
  expect(schema.safeParse(variables).success).toBe(false);
});
