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

test("rejects a seed that is no whole number", async () => {
  await expect(read("--seed", "1.5")).rejects.toThrow(CommanderError);
});
