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
    "Find the eighteen regions in photographs and compare them with a teacher's.",
  )
    .argument(
      "<photos/split>",
      "folder of photographs, and the part of its split.json, such as ../shared/photos/test",
    )
    .option("--moves <n>", "times that each photo is moved", whole(1), 2)
    .option("--times <n>", "time n photos' faces and regions beside a fast edit, and judge nothing", whole(1))
    .option("--out <file>", "write a summary as JSON here")
    .option("--model <manifest>", "model to judge", MINI)
    .action((photos: string, options: Omit<RegionsOptions, "photos">) => run({ ...options, photos }));
}
