import { expect, test } from "vitest";
import { z } from "zod";
import { promptFields, resolvePrompts } from "./prompt-fields.ts";

const schema = z
  .strictObject({ ...promptFields, image: z.string().default("img") })
  .transform(resolvePrompts);

const pathsOf = (value: unknown) => {
  const { error } = schema.safeParse(value);
  return error && [...new Set(error.issues.map(({ path }) => path.join(".")))];
};

test("a prompt is split into its attributes", () => {
  expect(schema.parse({ prompt: "without bangs, wearing red lipstick" })).toEqual({
    image: "img",
    prompt: "without bangs, wearing red lipstick",
    locate: ["without bangs", "wearing red lipstick"],
  });
});

test("edits are used as attributes unchanged; the model reads them as one prompt", () => {
  const edits = [{ prompt: "black and grey hair." }, { prompt: "red lips" }, { prompt: "red lips" }];
  expect(schema.parse({ edits })).toEqual({
    image: "img",
    prompt: "black and grey hair, red lips, red lips",
    locate: ["black and grey hair.", "red lips"],
  });
});

test("exactly one of both, one to eight edits, 500 characters in all", () => {
  expect(pathsOf({})).toEqual(["prompt"]);
  expect(pathsOf({ prompt: "a beard", edits: [{ prompt: "a beard" }] })).toEqual(["edits"]);
  expect(pathsOf({ edits: [] })).toEqual(["prompt"]);
  expect(pathsOf({ prompt: "a beard", edits: [] })).toBeUndefined();
  expect(pathsOf({ edits: Array(9).fill({ prompt: "a beard" }) })).toEqual(["edits"]);
  expect(pathsOf({ edits: Array(2).fill({ prompt: "x".repeat(249) }) })).toBeUndefined();
  expect(pathsOf({ edits: Array(2).fill({ prompt: "x".repeat(250) }) })).toEqual(["edits"]);
  expect(pathsOf({ edits: [{ prompt: "a beard" }, { prompt: " " }] })).toEqual(["edits.1.prompt"]);
  expect(pathsOf({ edits: [{ prompt: "a beard", mask: "auto" }] })).toEqual(["edits.0"]);
});
