import { expect, test } from "vitest";
import { type BenchOptions, benchCommand } from "./options.ts";

async function read(...args: string[]): Promise<BenchOptions> {
  let found: BenchOptions | undefined;
  const command = benchCommand(async (options) => {
    found = options;
  });
  await command.parseAsync(args, { from: "user" });
  return found as BenchOptions;
}

test("photos with drawn truths need nothing else", async () => {
  expect(await read("--photos", "photos/test")).toMatchObject({ photos: "photos/test", perAttribute: 4 });
  expect(await read("--photos", "photos/test", "--table", "removal")).toMatchObject({ table: "removal" });
});

test.each([
  [[], "--seed says which portraits"],
  [["--photos", "a", "--labels", "b"], "--seed says which portraits"],
  [["--seed", "1", "--labels", "b"], "--labels are of --photos"],
  [["--seed", "1", "--photos", "a", "--labels", "b", "--table", "ablation"], "leave --labels away"],
  [["--photos", "a", "--table", "gender"], "gender is about drawings"],
  [["--photos", "a", "--export", "b"], "--export and --results are about drawings and labelled photos"],
  [["--seed", "1", "--table", "removal"], "removal is about photos"],
])("%j is refused", async (args, message) => {
  await expect(read(...args)).rejects.toThrow(message);
});
