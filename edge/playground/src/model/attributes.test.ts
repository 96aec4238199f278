import { describe, expect, it } from "vitest";
import { editRequestSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { promptsOf, sentenceOf, typed, withAttributes, wordsFault } from "./attributes.ts";

describe("what is typed", () => {
  it("names who is in the photo, and each attribute apart", () => {
    expect(typed("A woman wearing glasses and with red lipstick.")).toEqual({
      subject: "woman",
      attributes: ["wearing glasses", "with red lipstick"],
    });
    expect(typed("a portrait of a man, with a full beard")).toEqual({
      subject: "man",
      attributes: ["with a full beard"],
    });
  });

  it("leaves words alone that name nobody", () => {
    expect(typed("  with  bangs ")).toEqual({ subject: null, attributes: ["with bangs"] });
    expect(typed("a womanly smile")).toEqual({ subject: null, attributes: ["a womanly smile"] });
    expect(typed("a woman")).toEqual({ subject: "woman", attributes: [] });
    expect(typed("")).toEqual({ subject: null, attributes: [] });
  });

  it("adds no attribute twice", () => {
    expect(withAttributes(["with bangs"], ["With bangs", "smiling"])).toEqual(["with bangs", "smiling"]);
  });
});

describe("what is asked for", () => {
  it("reads as one sentence about the subject, a single word before the noun", () => {
    const attributes = ["wearing glasses", "smiling", "with bangs"];
    expect(sentenceOf({ subject: "woman", attributes })).toBe("a smiling woman, wearing glasses, with bangs");
    expect(sentenceOf({ subject: "man", attributes: ["with a full beard"] })).toBe("a man with a full beard");
    expect(sentenceOf({ subject: "man", attributes: ["elderly"] })).toBe("an elderly man");
  });

  it("is what the API takes", () => {
    const edits = promptsOf({ subject: "person", attributes: ["wearing glasses", "with rosy cheeks"] });
    const read = editRequestSchema.parse({ image: newId("img"), edits: edits.map((prompt) => ({ prompt })) });
    expect(read.prompt).toBe("a person wearing glasses, with rosy cheeks");
    expect(read.locate).toEqual(edits);
  });

  it("is refused in words where the API would refuse it", () => {
    expect(wordsFault({ subject: "woman", attributes: ["wearing glasses"] })).toBeNull();
    expect(wordsFault({ subject: "woman", attributes: ["με γυαλιά"] })).toMatch(/Latin letters/);
    expect(
      wordsFault({ subject: "woman", attributes: Array.from({ length: 9 }, (_, i) => `with ${i}`) }),
    ).toMatch(/8/);
    expect(wordsFault({ subject: "woman", attributes: ["a ".repeat(300)] })).toMatch(/500/);
  });
});
