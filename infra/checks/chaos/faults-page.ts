import { cpus } from "node:os";
import { markdown } from "../../../gpu-fn/bench/kit/markdown.ts";
import type { Outcome } from "./perform-story.ts";
import type { Story } from "./story.ts";

/** A complete run. */
export interface Report {
  readonly command: string;
  readonly seed: number;
  readonly date: string;
  readonly machine: string;
  readonly minutes: number;
  /** How a full disk was made; null if this system does not permit one. */
  readonly disk: string | null;
  readonly histories: { readonly runs: number; readonly held: boolean } | null;
  readonly outcomes: readonly Outcome[];
}

/** A short description of this machine. */
export const machine = () => `${cpus().length} cores, no GPU`;

export const held = ({ histories, outcomes }: Pick<Report, "histories" | "outcomes">) =>
  histories?.held !== false && outcomes.every(({ breaches }) => breaches.length === 0);

/** Stories of a report in which every invariant held. */
const heldIn = ({ outcomes }: Report) =>
  new Set(outcomes.filter(({ breaches }) => breaches.length === 0).map(({ story }) => story));

/** Stories that a report lacks, or lists as broken. */
export function missingFrom(report: Report, stories: readonly Story[]): Story[] {
  const held = heldIn(report);
  return stories.filter(({ name }) => !held.has(name));
}

/** A report with the outcomes of a later run in place of its own. */
export function renewed(before: Report, later: Report): Report {
  const held = heldIn(before);
  const kept = before.outcomes.filter(({ story }) => held.has(story));
  return {
    ...later,
    command: `${before.command}, then ${later.command}`,
    minutes: before.minutes + later.minutes,
    disk: later.disk ?? before.disk,
    histories: later.histories ?? before.histories,
    outcomes: [...kept, ...later.outcomes],
  };
}

/** The last lines of a run. */
export function summaryOf({ outcomes, histories, minutes }: Report): string {
  const broken = outcomes.filter(({ breaches }) => breaches.length > 0);
  const injected = outcomes.reduce((sum, outcome) => sum + outcome.injected, 0);
  const money = histories === null ? "" : `${histories.runs} random histories of the ledger, `;
  return (
    `${money}${outcomes.length} stories, ${injected} faults injected, ${minutes.toFixed(1)} min: ` +
    (broken.length === 0 ? "every invariant held" : `${broken.length} stories broke an invariant`)
  );
}

/** The whole page edge/docs/faults.md: only the command writes it, so the page always matches a run. */
export function pageOf(report: Report): string {
  const { outcomes, histories, command, machine: where, date, minutes, disk, seed } = report;
  const parts = [...Map.groupBy(outcomes, ({ part }) => part)];
  const broken = outcomes.filter(({ breaches }) => breaches.length > 0);
  return `<!-- Written by \`npm run test:chaos\`: change infra/checks/chaos/faults-page.ts, not this page. -->

# Faults

What was broken on purpose, when, and what held. The real worker, queue, Upstash gateway, GPU function and a receiver of webhooks run as
processes of their own, with a proxy between each two of them. A story breaks one thing at one stage of an edit, while another edit waits
behind it; then every store is read: the account's tables, the bucket, the queue, Upstash, and what the receiver got.

Invariants after each story: every accepted edit is final, or erased as asked · one capture for a success, none else · nothing held, and the
ledger's rows make the balance · no object without a row that owns it, or a due row that erases it soon; every row has its object · each
event arrived at least once, signed, under one id · nothing waits in outbox or queue · what Upstash remembers has an end and a photo · the
next edit works. At the end of each stack's life a day goes by on its worker's clock, and no object, edit, photo or mask is left.

\`${command}\`, ${where}, ${date}, ${minutes.toFixed(1)} min, seed ${seed}. \`npm run test:chaos -- --list\` names the stories; one again:
\`npm run test:chaos -- --seed ${seed} --only "its name"\`.

${markdown(["part", "stages", "stories", "faults injected", "broken"], [...parts.map(([part, of]) => rowOf(part, of)), rowOf("all", outcomes)], 2)}

${broken.length === 0 ? "Every invariant held after every story." : broken.map(brokenLine).join("\n")}
${histories === null ? "The ledger's random histories were left out." : `Before them, ${histories.runs.toLocaleString("en")} random histories of the ledger and of edits' lives (\`edge/src/account/rules/ledger.property.test.ts\`): ${histories.held ? "every one kept the books" : "one broke them"}.`}
${disk === null ? "Full disks were left out: this system lets nobody mount one." : `Full disks are ${disk}.`}

Stages are observed where they happen: \`loading\`, \`locating\`, \`inverting\`, \`editing\` and \`capturing\` by the GPU function's own events on
their way to the worker (the last one is its \`succeeded\`, which the worker has not seen yet), \`uploading\` by the PUT of the result on its way
to storage, \`webhook\` by the event on its way to the receiver. The message waits in the proxy until the fault is there. A run's lease is
30 s; stops of 35 s outlast it, and the supervisor of these stacks lets a part come back from them, but for the stories that say otherwise.

## What was done to each part

${parts.map(([part, of]) => `- **${part}**: ${unique(of.map(({ fault }) => fault)).join(" · ")}`).join("\n")}
`;
}

function rowOf(part: string, outcomes: readonly Outcome[]): string[] {
  const stages = unique(outcomes.map(({ stage }) => stage));
  const injected = outcomes.reduce((sum, outcome) => sum + outcome.injected, 0);
  const broken = outcomes.filter(({ breaches }) => breaches.length > 0).length;
  return [part, part === "all" ? "" : stages.join(", "), ...[outcomes.length, injected, broken].map(String)];
}

const brokenLine = ({ story, breaches }: Outcome) => `- **broken**: ${story}: ${breaches.join("; ")}`;

const unique = (texts: readonly string[]) => [...new Set(texts)];
