import { expect, test } from "vitest";
import { engineOptions } from "./settings.ts";

test("the engine reads other languages with the deployment's encoder", () => {
  const settings = {
    DEVICE: "cpu",
    ARITHMETIC: "int8",
    THREADS: 2,
    MODERATION_WEIGHTS: "/opt/moderation",
  } as const;
  expect(engineOptions(settings)).toEqual({
    device: "cpu",
    int8Arithmetic: true,
    encoder: "/opt/moderation",
    threads: 2,
  });
});
