import { expect, test } from "vitest";
import { answer, call, customer, refusal, uploaded } from "../../test/client.ts";
import { unknownField } from "./unknown-field.ts";

test.each([
  ["preset", 'did you mean "schedule"?'],
  ["Image-URL", 'did you mean "image"?'],
  ["sourcePrompt", 'did you mean "source_prompt"?'],
  ["prompts", 'did you mean "prompt"?'],
  ["num_inference_steps", 'did you mean "schedule.steps"?'],
  ["seed", "edits have no seed"],
  ["negative_prompt", "say it in the prompt"],
])("%s", (name, sentence) => expect(unknownField(name)).toContain(sentence));

test.each(["surprise", "__proto__", "constructor", "", "x".repeat(10_000)])("%.20s is only unknown", (name) =>
  expect(unknownField(name)).toBe("unknown field"),
);

test("a refusal names the field once and says what to do", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const prompt = "a woman wearing glasses";
  const detailOf = async (body: object) =>
    (await refusal(call("/v1/edits", { key, body }), 422, "invalid_request")).detail;
  expect(await detailOf({ image, prompt, preset: "fast" })).toBe(
    'preset: unknown field; did you mean "schedule"?',
  );
  expect(await detailOf({ prompt })).toMatch(
    /^image: missing; send the id of an uploaded image .* or a file/,
  );
  expect((await detailOf({ prompt })).match(/image: /g)).toHaveLength(1);
  expect(await detailOf({ image })).toMatch(/^prompt: missing; say what the portrait should show/);
  expect(await detailOf({ image: "portrait.png", prompt })).toMatch(
    /^image: send the id of an uploaded image/,
  );
  expect(await detailOf({ image: 7, prompt })).toMatch(/^image: send/);
  expect(await detailOf({ image, prompt, schedule: { step: 4 } })).toBe("schedule.step: unknown field");
  await answer(call("/v1/edits", { key, body: { image, prompt, schedule: "fast" } }), 202);
});

test.each([
  [{ prompt: ["x"] }, "prompt: text is needed"],
  [{ schedule: "fasst" }, 'schedule: "paper" or "balanced" or "fast" is needed, or an object is needed'],
  [{ schedule: { steps: "4" } }, "schedule.steps: a number is needed"],
  [{ output: { format: "gif" } }, 'output.format: "png" or "jpeg" or "webp" is needed'],
  [{ metadata: [] }, "metadata: an object is needed"],
])("a wrong type or value is said in words: %j", async (fields, detail) => {
  const { key } = await customer();
  const body = { image: "img_x", prompt: "a woman wearing glasses", ...fields };
  expect((await refusal(call("/v1/edits", { key, body }), 422, "invalid_request")).detail).toBe(detail);
});
