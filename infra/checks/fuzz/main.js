// `npm run fuzz -- --cases 100000 --seed 1`: hostile inputs at every border. Case n of a target is made of the number
// SEED + n alone: a run goes on where another ended by the seed it prints, and `--cases 1` repeats one case.
import { Command, InvalidArgumentError, Option } from "commander";
import { campaign } from "./campaign.ts";
import { FINDS, keepFind } from "./finds.ts";
import { tableOf } from "./table.ts";
import { TARGETS } from "./targets/all.ts";
const whole = (least) => (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1)
        throw new InvalidArgumentError(`a whole number from ${least} to 2147483647`);
    return value;
};
const { cases, seed, target, minutes, out } = new Command("npm run fuzz --")
    .description("Feeds hostile inputs to every place where bytes of strangers are read")
    .option("--cases <n>", "inputs of all targets together", whole(1), 100000)
    .option("--seed <n>", "number of the first case", whole(0), 1)
    .addOption(new Option("--target <name>", "only this one").choices(TARGETS.map(([{ name }]) => name)))
    .option("--minutes <n>", "begin no case after this time", whole(1))
    .option("--out <folder>", "where finds are written", FINDS)
    .parse()
    .opts();
const say = (line) => void process.stderr.write(`${line}\n`);
const chosen = TARGETS.filter(([{ name }]) => target === undefined || name === target);
const shares = chosen.reduce((sum, [, share]) => sum + share, 0);
const begun = Date.now();
const tallies = [];
let sharesBefore = 0;
for (const [aim, share] of chosen) {
    sharesBefore += share;
    const until = minutes === undefined ? {} : { until: begun + (minutes * 60000 * sharesBefore) / shares };
    const range = { seed, cases: Math.max(1, Math.round((cases * share) / shares)), ...until };
    say(`${aim.name}: ${range.cases} cases`);
    const found = new Set();
    const tally = await campaign(aim, range, ({ seed: at, reason, bytes }) => {
        // one file for each reason: a thousand inputs of one fault say no more
        const kind = reason.replaceAll(/".*"|'.'|\d+/g, "…").slice(0, 60);
        if (found.has(kind))
            return;
        found.add(kind);
        say(`  case ${at}: ${reason} → ${keepFind(out, aim.name, bytes)}`);
    });
    tallies.push(tally);
}
process.stdout.write(`${tableOf(tallies)}\n`);
const next = seed + Math.max(...tallies.map((tally) => tally.cases));
say(`${Math.round((Date.now() - begun) / 1000)} s, ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most; go on with --seed ${next}`);
if (tallies.some(({ crashes }) => crashes.length > 0))
    process.exitCode = 1;
