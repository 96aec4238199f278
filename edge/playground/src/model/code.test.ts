import { expect, test } from "vitest";
import { editRequestSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { CODE_LANGUAGES, codeOf } from "./code.ts";
import { PLAN } from "./schedule-choice.ts";

const recipe = {
  wanted: { subject: "woman", attributes: ["wearing glasses", "with bangs"] },
  plan: PLAN,
  mask: { grow: 0.01, feather: 0.02 },
  strokes: [],
  face: null,
} as const;

test("what was done is a request that the API takes, in each language", () => {
  for (const language of CODE_LANGUAGES) {
    const code = codeOf(language, recipe, [], "https://a.test");
    expect(code).toContain("https://a.test");
    expect(code).toContain("wearing glasses");
  }
  const curl = codeOf("curl", recipe, [], "https://a.test");
  const [, sent = ""] = /-d '(.*)'/.exec(curl) ?? [];
  const request = editRequestSchema.parse(JSON.parse(sent.replace("img_…", newId("img"))));
  expect(request.locate).toEqual(["a woman wearing glasses", "with bangs"]);
});
