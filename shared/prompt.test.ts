import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROMPT_MAX, promptSchema, sourcePromptSchema } from "./prompt.ts";

describe("a prompt is taken", () => {
  test.each([
    ["a woman wearing glasses", "a woman wearing glasses"],
    ["  a man with a beard.  ", "a man with a beard."],
    ["une femme âgée", "une femme âgée"],
    ["ａ woman", "a woman"],
    ["женщина в очках", "женщина в очках"],
    ["戴眼镜的女人", "戴眼镜的女人"],
    ["ビーチでTシャツ", "ビーチでTシャツ"],
    ["안경을 쓴 여자", "안경을 쓴 여자"],
    ["امرأة ترتدي نظارات", "امرأة ترتدي نظارات"],
    ["ผู้หญิงใส่แว่นตา".normalize("NFKC"), "ผู้หญิงใส่แว่นตา".normalize("NFKC")],
    ["with 2 earrings & red lipstick!", "with 2 earrings & red lipstick!"],
  ])("%j", (given, kept) => expect(promptSchema.parse(given)).toBe(kept));

  test("up to 500 characters", () => {
    expect(promptSchema.safeParse("a".repeat(PROMPT_MAX)).success).toBe(true);
    expect(promptSchema.safeParse("a".repeat(PROMPT_MAX + 1)).success).toBe(false);
  });
});

describe("a prompt is refused", () => {
  test.each([
    ["empty", ""],
    ["white space", " \t\n "],
    ["10,000 characters", "a".repeat(10_000)],
    ["Greek", "μια γυναίκα με γυαλιά"],
    ["Hebrew", "אישה עם משקפיים"],
    ["a homoglyph", "a wom\u0430n"],
    ["a NUL", "a woman\u0000with glasses"],
    ["an escape sequence", "a woman \u001b[31m"],
    ["two lines", "a woman\nwith glasses"],
    ["a bidirectional override", "a \u202ewoman"],
    ["digits alone", "12345"],
  ])("%s", (_, text) => {
    const result = promptSchema.safeParse(text);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.message).toMatch(/^the prompt /);
  });
});

test("what the photo shows is read as it is, so it has only letters that the models know", () => {
  expect(sourcePromptSchema.parse("une femme âgée")).toBe("une femme âgée");
  expect(sourcePromptSchema.safeParse("женщина").error?.issues[0]?.message).toMatch(/Latin letters/);
});

test("an accepted prompt is accepted again unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
      const once = promptSchema.safeParse(text);
      if (once.success) expect(promptSchema.parse(once.data)).toBe(once.data);
    }),
  );
});
