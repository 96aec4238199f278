import { expect, test } from "vitest";
import { remembering } from "./prompt-cache.ts";

function counted() {
  const asked: string[] = [];
  const condition = async (prompt: string) => {
    asked.push(prompt);
    return { txt: new Float32Array(100).fill(prompt.length), vec: new Float32Array(10) };
  };
  return { asked, condition };
}

test("a prompt is encoded once, and another prompt separately", async () => {
  const { asked, condition } = counted();
  const cached = remembering(condition);
  const first = await cached("a person.");
  expect(await cached("a person.")).toBe(first);
  expect((await cached("a person with a hat.")).txt[0]).toBe(20);
  expect(asked).toEqual(["a person.", "a person with a hat."]);
});

test("the least recently used prompt is evicted if the budget is exceeded", async () => {
  const { asked, condition } = counted();
  const cached = remembering(condition, { bytes: 2 * 440, ageMs: 1000 });
  for (const prompt of ["a", "b", "a", "c", "a", "b"]) await cached(prompt);
  expect(asked).toEqual(["a", "b", "c", "b"]);
});

test("a prompt expires after its maximum age", async () => {
  const { asked, condition } = counted();
  const cached = remembering(condition, { bytes: 10_000, ageMs: 20 });
  await cached("a");
  await new Promise((resolve) => setTimeout(resolve, 40));
  await cached("a");
  expect(asked).toEqual(["a", "a"]);
});
