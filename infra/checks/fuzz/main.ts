// `npm run fuzz -- --cases 100000 --seed 1`: hostile inputs at every border. Case n of a target is made of the number
// SEED + n alone: a run goes on where another ended by the seed it prints, and `--cases 1` repeats one case.
import { Option } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { campaign, type Tally } from "./campaign.ts";
import { FINDS, keepFind } from "./finds.ts";
import { tableOf } from "./tally-table.ts";
import { TARGETS } from "./targets/all.ts";

const SEED_MAX = 2 ** 31 - 1;

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly target?: string;
  readonly minutes?: number;
  readonly out: string;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function fuzz({ cases, seed, target, minutes, out }: Options): Promise<void> {
  const chosen = TARGETS.filter(([{ name }]) => target === undefined || name === target);
  const shares = chosen.reduce((sum, [, share]) => sum + share, 0);
  const begun = Date.now();
  const tallies: Tally[] = [];
  let sharesBefore = 0;
  for (const [aim, share] of chosen) {
    sharesBefore += share;
    const until = minutes === undefined ? {} : { until: begun + (minutes * 60_000 * sharesBefore) / shares };
    const range = { seed, cases: Math.max(1, Math.round((cases * share) / shares)), ...until };
    say(`${aim.name}: ${range.cases} cases`);
    const found = new Set<string>();
    const tally = await campaign(aim, range, ({ seed: at, reason, bytes }) => {
      // one file for each reason: a thousand inputs of one fault say no more
      const kind = reason.replaceAll(/".*"|'.'|\d+/g, "…").slice(0, 60);
      if (found.has(kind)) return;
      found.add(kind);
      say(`  case ${at}: ${reason} → ${keepFind(out, aim.name, bytes)}`);
    });
    tallies.push(tally);
  }
  process.stdout.write(`${tableOf(tallies)}\n`);
  const seconds = Math.round((Date.now() - begun) / 1000);
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const next = seed + Math.max(...tallies.map((tally) => tally.cases));
  say(`${seconds} s, ${mebibytes} MiB at most; continue with --seed ${next}`);
  if (tallies.some(({ crashes }) => crashes.length > 0)) process.exitCode = 1;
}

await runCommand(
  projectCommand("fuzz", "Feed hostile inputs to every reader of untrusted bytes.")
    .option("--cases <n>", "total number of inputs", whole(1, SEED_MAX), 100_000)
    .option("--seed <n>", "seed of the first case", whole(0, SEED_MAX), 1)
    .addOption(new Option("--target <name>", "only this target").choices(TARGETS.map(([{ name }]) => name)))
    .option("--minutes <n>", "start no case after this time", whole(1))
    .option("--out <folder>", "folder for finds", FINDS)
    .action(fuzz),
);
