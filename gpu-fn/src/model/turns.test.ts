import { expect, test } from "vitest";
import type { Session } from "./session.ts";
import { Turns } from "./turns.ts";

/** Makes sessions by name; `open` lists those that are open. */
function sessions() {
  const turns = new Turns();
  const open: string[] = [];
  const opened: string[] = [];
  const make = (name: string): Session =>
    turns.session(async () => {
      if (name === "broken") throw new Error("it cannot be opened");
      open.push(name);
      opened.push(name);
      return {
        run: async () => ({ [name]: new Float32Array(open.length) }),
        runKept: async () => ({}),
        release: async () => void open.splice(open.indexOf(name), 1),
      };
    });
  return { make, open, opened };
}

test("one session is open at a time, and stays open until another one runs", async () => {
  const { make, open, opened } = sessions();
  const [text, encoder] = [make("text"), make("encoder")];
  expect(open).toEqual([]);
  await text.run({});
  expect(await text.run({})).toEqual({ text: new Float32Array(1) });
  expect(await encoder.run({})).toEqual({ encoder: new Float32Array(1) });
  expect(open).toEqual(["encoder"]);
  await text.release();
  expect(open).toEqual(["encoder"]);
  await encoder.release();
  expect([open, opened]).toEqual([[], ["text", "encoder"]]);
});

test("a session that cannot be opened fails its run and leaves the place free", async () => {
  const { make, open } = sessions();
  const text = make("text");
  await text.run({});
  await expect(make("broken").run({})).rejects.toThrow("it cannot be opened");
  expect(open).toEqual([]);
  await text.run({});
  expect(open).toEqual(["text"]);
});
