import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { type FrontOptions, frontCommand } from "./options.ts";

async function read(...args: string[]): Promise<FrontOptions> {
  let options: FrontOptions | undefined;
  const command = frontCommand(async (given) => {
    options = given;
  }).configureOutput({ writeErr: () => {} });
  await command.parseAsync(["--seed", "99000", "--per-attribute", "1", ...args], { from: "user" });
  return options as FrontOptions;
}

test("takes each threshold once", async () => {
  expect((await read("--first-block", "0.05", ".1", "1", "0.1")).firstBlock).toEqual([0.05, 0.1, 1]);
  expect((await read()).firstBlock).toBeUndefined();
});

test.each(["0", "-0.1", "a tenth", ""])("rejects the threshold %j", async (text) => {
  await expect(read("--first-block", "0.1", text)).rejects.toThrow(CommanderError);
});

test("rejects thresholds beside --presets, and a seed that is no whole number", async () => {
  await expect(read("--presets", "--first-block", "0.1")).rejects.toThrow(CommanderError);
  await expect(read("--seed", "1.5")).rejects.toThrow(CommanderError);
});
