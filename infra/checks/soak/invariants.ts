import type { Run } from "./run-soak.ts";
import type { Scenario } from "./scenario.ts";

/** What must hold under any load: empty if it does. */
export interface Broken {
  readonly rule: string;
  readonly found: string;
}

/** Statuses by which a request may be refused under load. */
const REFUSALS: Readonly<Record<number, string>> = { 429: "rate_limited", 503: "gpu_unavailable" };

/** An edit that waits hears of its deadline from its account's alarm; one under way is ended by its run. */
const LATE_MS = 5_000;

const HONEST_ENDS = new Set(["succeeded", "failed: deadline_exceeded"]);

/** @returns the rules that the run broke, one line each */
export function brokenRules({ recorder, ends }: Run, { customers, unfinished }: Scenario): Broken[] {
  const broken: Broken[] = [];
  const rule = (name: string, faults: readonly string[]) => {
    const [first] = faults;
    if (first !== undefined) broken.push({ rule: name, found: `${faults.length} times, first: ${first}` });
  };
  const { samples } = recorder;
  const edits = [...recorder.edits.values()];

  const longest = Math.max(0, ...recorder.held.map(({ held }) => held));
  const bound = customers * unfinished;
  rule("the queue is bounded", longest > bound ? [`${longest} unfinished, ${bound} allowed`] : []);
  rule(
    "every answer is the expected one, or a refusal with its code",
    samples
      .filter(({ status, code }) => (status < 200 || status >= 300) && REFUSALS[status] !== code)
      // an edit or photo that its customer erased meanwhile
      .filter(({ status, route }) => !(status === 404 && /\{id\}/.test(route)))
      .map(({ route, status, code, phase }) => `${route}: ${status} ${code ?? ""} in ${phase}`),
  );
  rule(
    "every refusal says when to come back",
    samples
      .filter(({ status, retryAfter }) => status in REFUSALS && !(Number(retryAfter) >= 1))
      .map(({ route, status }) => `${route}: ${status}`),
  );
  rule(
    "every edit that was accepted ends",
    edits.filter(({ finishedAt }) => finishedAt === null).map(({ id, status }) => `${id}: ${status}`),
  );
  rule(
    "as a success, or for its deadline",
    edits
      .map(({ status, error }) => (error === null ? status : `${status}: ${error}`))
      .filter((end) => !HONEST_ENDS.has(end)),
  );
  rule(
    "within its deadline",
    edits
      .filter(({ createdAt, finishedAt, deadlineMs }) => (finishedAt ?? 0) - createdAt > deadlineMs + LATE_MS)
      .map(({ id, createdAt, finishedAt }) => `${id} after ${Math.round((finishedAt ?? 0) - createdAt)} ms`),
  );
  rule(
    "nothing stays held",
    ends.filter(({ held }) => held !== 0).map(({ customer, held }) => `${customer}: ${held}`),
  );
  rule(
    "what is charged is what succeeded",
    ends.flatMap((end) => wrongCharge(end, recorder)),
  );
  rule(
    "every webhook is delivered once",
    edits
      .filter(({ wantsWebhook, webhooks }) => webhooks !== (wantsWebhook ? 1 : 0))
      .map(({ id, webhooks }) => `${id}: ${webhooks}`),
  );
  return broken;
}

/** Every edit of the embedded model costs one credit; a signed render, which nobody follows, is one more at most. */
function wrongCharge({ customer, spent }: Run["ends"][number], { edits }: Run["recorder"]): string[] {
  const theirs = [...edits.values()].filter((edit) => edit.customer === customer);
  const succeeded = theirs.filter(({ status }) => status === "succeeded").length;
  const isRight = spent === succeeded || spent === succeeded + 1;
  return isRight ? [] : [`${customer}: ${spent} credits for ${succeeded} edits`];
}
