import { expect, test } from "vitest";
import { runSections } from "./sections.ts";

test("a section that breaks, or comes too late, says so and costs no other section its figures", async () => {
  const said: string[] = [];
  const say = (name: string, value: string) => void said.push(`${name}: ${value}`);
  const broken = async () => {
    throw new Error("CUDA failure 2: out of memory\nGPU=0");
  };
  const fine = (name: string) => async () => say(name, "12 ms");
  const soon = Date.now() + 60_000;
  expect(await runSections({ t5: broken, clip: fine("clip") }, soon, say)).toBe(false);
  expect(said).toEqual(["t5: FAILED: CUDA failure 2: out of memory", "clip: 12 ms"]);
  expect(await runSections({ edit: fine("edit") }, soon, say)).toBe(true);
  expect(await runSections({ pattern: fine("pattern") }, Date.now() - 1, say)).toBe(false);
  expect(said.slice(2)).toEqual(["edit: 12 ms", "pattern: left out: no time left"]);
});
