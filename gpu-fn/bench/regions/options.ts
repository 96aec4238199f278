import { join } from "node:path";
import type { Command } from "commander";
import { projectCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";

export interface RegionsOptions {
  readonly photos: string;
  readonly moves: number;
  readonly times?: number;
  readonly out?: string;
  readonly model: string;
}

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

export function regionsCommand(run: (options: RegionsOptions) => Promise<void>): Command {
  return projectCommand(
    "bench:regions",
    "Locate the eighteen regions in photographs and compare them with a teacher's.",
  )
    .argument(
      "<photos/split>",
      "folder of photographs plus the part of its split.json, such as ../shared/photos/test",
    )
    .option("--moves <n>", "how often each photo is moved", whole(1), 2)
    .option("--times <n>", "only time faces and regions of n photos beside a fast edit", whole(1))
    .option("--out <file>", "write a summary as JSON here")
    .option("--model <manifest>", "model to judge", MINI)
    .action((photos: string, options: Omit<RegionsOptions, "photos">) => run({ ...options, photos }));
}
