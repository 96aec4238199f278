// `npm run bench:moderation`: what the policies catch, miss and refuse by mistake, and how long they take.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { policiesOf } from "../../../shared/moderation/prompt.ts";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";
import { type Judge, openJudge } from "../../src/moderation/judge.ts";
import { MINI, moderationFor, moderatorSettings } from "../../src/moderation/settings.ts";
import { fetchModeration, MODERATION_WEIGHTS } from "../../src/moderation/weights.ts";
import { writeSummary } from "../kit/results.ts";
import { measureAges } from "./ages.ts";
import { grammarPrompts, ownWordings } from "./grammar.ts";
import { HARMLESS } from "./harmless.ts";
import { agesTable, caughtTable, picturesTable, refusedTable } from "./moderation-tables.ts";
import { measurePictures } from "./pictures.ts";
import { MEASURED, measureCaught, measureMade, measureOtherScripts, measureRefused } from "./words.ts";

const ROOT = join(import.meta.dirname, "../..");
const RESULT = join(ROOT, "bench/results/moderation.json");
const PHOTO = join(ROOT, "examples/portrait-01.png");

interface Cost {
  /** Median wall time, and processor time of one over all threads, in milliseconds. */
  readonly median: number;
  readonly cpu: number;
}

async function costOf(rounds: number, ask: (i: number) => Promise<unknown>): Promise<Cost> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) {
    const since = performance.now();
    await ask(i);
    times.push(performance.now() - since);
  }
  const { user, system } = process.cpuUsage(before);
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number;
  return { median, cpu: (user + system) / 1000 / rounds };
}

/** What a run waits for: its words at the edge, new and cached prompts, a photo, a result. */
async function costs(judge: Judge): Promise<Record<string, Cost>> {
  const photo = await readFile(PHOTO);
  const harmless = Object.values(HARMLESS).flat();
  return {
    words_at_the_edge: await costOf(200, (i) => policiesOf(harmless[i % harmless.length] as string)),
    new_prompts: await costOf(30, (i) => judge.prompts([`a woman wearing glasses number ${i}`, "a woman"])),
    known_prompts: await costOf(30, () => judge.prompts(["a woman wearing glasses", "a woman"])),
    photo: await costOf(20, () => judge.photo(photo)),
    result: await costOf(20, () => judge.result(photo)),
  };
}

async function bench({ renders }: { readonly renders: number }): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await fetchModeration(MODERATION_WEIGHTS, (line) => void process.stderr.write(`${line}\n`));
  const drawn = moderationFor(z.object(moderatorSettings).parse({}), MINI).thresholds["image.age"];
  const judge = await openJudge(MEASURED, MODERATION_WEIGHTS);
  const { thresholds } = MEASURED;
  const [caught, refused] = [await measureCaught(judge), await measureRefused(judge)];
  const made = {
    grammar: await measureMade(judge, grammarPrompts()),
    wordings: await measureMade(judge, ownWordings()),
  };
  const ages = await measureAges(MODERATION_WEIGHTS, thresholds["image.age"]);
  const pictures = await measurePictures(MODERATION_WEIGHTS, renders, {
    sexual: thresholds["image.sexual"],
    drawn,
    photographed: thresholds["image.age"],
  });
  const ms = await costs(judge);
  const scripts = await measureOtherScripts(judge);
  const figures = {
    thresholds: { ...thresholds, drawn },
    caught,
    refused,
    made,
    other_scripts: scripts,
    ages,
    pictures,
    ms,
  };
  await writeSummary(RESULT, figures);

  say(`${caughtTable(caught)}\n`);
  say(
    `other scripts: of ${scripts.prompts} prompts the schema refuses ${scripts.refused_by_schema}, a policy ${scripts.refused_by_policy}\n`,
  );
  say(`${refusedTable(refused)}\n`);
  for (const [name, { prompts, refused: wrongly }] of Object.entries(made))
    say(`${name}: ${wrongly} of ${prompts} harmless prompts refused\n`);
  say(`${agesTable(ages)}\n`);
  say(
    `age: mean absolute error ${ages.mean_absolute_error.toFixed(1)} years over ${ages.portraits} portraits of ${ages.people} ` +
      `people, all adults; ${ages.wrongly_refused} refused at ${ages.threshold}; no portraits of minors were measured\n`,
  );
  say(`${picturesTable(pictures)}\n`);
  say(
    Object.entries(ms)
      .map(
        ([what, { median, cpu }]) =>
          `${what.replaceAll("_", " ")} ${median.toFixed(1)} ms (${cpu.toFixed(1)} ms of processor)`,
      )
      .join(", "),
  );
}

await runCommand(
  projectCommand("bench:moderation", "Measure the moderation policies on lists of prompts and on pictures.")
    .option("--renders <n>", "drawn portraits to judge", whole(0), 80)
    .action(bench),
);
