import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expireAll } from "./aftermath.ts";
import { type Outcome, perform } from "./perform-story.ts";
import { ChaosStack } from "./stack.ts";
import type { StackOptions } from "./started-parts.ts";
import { Stillness } from "./stillness.ts";
import type { Kind, Story } from "./story.ts";
import type { Tenant } from "./tenant.ts";

export interface RunOptions {
  /** Folder of the bundled worker, and one for the stacks' state. */
  readonly bundle: string;
  readonly folder: string;
  readonly seed: number;
  /** Number of stacks that run side by side. */
  readonly lanes: number;
  /** Where the logs of a stack go if its story ended badly. */
  readonly logs: string;
  readonly signal: AbortSignal;
  /** Called with each outcome as it becomes available. */
  readonly onOutcome: (outcome: Outcome) => void;
  readonly say: (line: string) => void;
}

const DISK_MIB = 64;

const OPTIONS: Readonly<Record<Kind, Partial<StackOptions>>> = {
  plain: {},
  redis: { redis: true },
  disk: { diskMib: DISK_MIB },
  impatient: { impatient: true },
};

/** Kinds whose stories all lanes share; the others have one stack. */
const SHARED: readonly Kind[] = ["impatient", "plain"];

/** Stories that one stack runs one after another. */
interface Course {
  readonly kind: Kind;
  next(): Story | undefined;
  /** Queues a story again. */
  again(story: Story): void;
}

interface Running extends RunOptions {
  readonly stacks: Set<ChaosStack>;
  readonly stillness: Stillness;
}

/**
 * Runs stories on several stacks in parallel, since they mostly wait; stories that need a special kind of stack share
 * one. Each stack is used until a story fails; at its end, a simulated day passes.
 * @throws the signal's reason once it is aborted and the stacks have ended
 */
export async function runStories(stories: readonly Story[], options: RunOptions): Promise<Outcome[]> {
  const courses = coursesOf(stories);
  const outcomes: Outcome[] = [];
  const stacks = new Set<ChaosStack>();
  const stillness = new Stillness();
  const onOutcome = (outcome: Outcome) => {
    if (options.signal.aborted) return;
    outcomes.push(outcome);
    options.onOutcome(outcome);
  };
  const lane = async () => {
    for (let course = courses[0]; course !== undefined; course = courses[0]) {
      if (!SHARED.includes(course.kind)) courses.shift();
      await tell(course, { ...options, onOutcome, stacks, stillness });
      if (courses[0] === course) courses.shift();
    }
  };
  const shared = stories.filter(({ kind = "plain" }) => SHARED.includes(kind)).length;
  const lanes = Math.max(1, Math.min(options.lanes, shared + courses.length));
  const interrupted = Promise.withResolvers<never>();
  const end = async () => {
    await Promise.allSettled([...stacks].map((stack) => stack.stop()));
    interrupted.reject(options.signal.reason);
  };
  options.signal.addEventListener("abort", end);
  await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), interrupted.promise]);
  options.signal.removeEventListener("abort", end);
  stillness.stop();
  return outcomes;
}

function coursesOf(stories: readonly Story[]): Course[] {
  const byKind = Map.groupBy(stories, ({ kind }) => kind ?? "plain");
  return (["disk", "redis", "impatient", "plain"] as const).flatMap((kind) => {
    const waiting = (byKind.get(kind) ?? []).toSorted((a, b) => b.seconds - a.seconds);
    return waiting.length === 0
      ? []
      : [{ kind, next: () => waiting.shift(), again: (story: Story) => void waiting.push(story) }];
  });
}

/** Runs a course to its end on stacks of its kind. */
async function tell(course: Course, run: Running): Promise<void> {
  const { signal, stacks } = run;
  for (let story = course.next(); story !== undefined && !signal.aborted; ) {
    const stack = await startSurely(course.kind, run);
    stacks.add(stack);
    const tenants: Tenant[] = [];
    let broken = false;
    while (story !== undefined && !broken && !signal.aborted) {
      const since = Date.now();
      const { outcome, tenant } = await perform(stack, story, run.seed);
      if (tenant !== null) tenants.push(tenant);
      broken = outcome.breaches.length > 0;
      const still = broken ? run.stillness.after(since) : 0;
      if (still > 0) course.again(story);
      else run.onOutcome(outcome);
      if (still > 0)
        run.say(`again: ${story.name}; the machine stood still for ${Math.round(still / 1000)} s`);
      else if (broken) keepLogs(stack, run.logs, outcome.story);
      story = course.next();
    }
    if (!broken && !signal.aborted) await expire(stack, tenants, run);
    stacks.delete(stack);
    if (!signal.aborted) await stack.stop();
  }
}

/** A stack that is up; a machine with much else to do gets a second chance. @throws if it does not come up then */
async function startSurely(kind: Kind, { bundle, folder }: Running): Promise<ChaosStack> {
  const options = { bundle, folder, ...OPTIONS[kind] };
  return ChaosStack.start(options).catch(() => ChaosStack.start(options));
}

/** The last story of each stack: a day passes, and nothing that happened on it is left. */
async function expire(stack: ChaosStack, tenants: readonly Tenant[], options: RunOptions): Promise<void> {
  const since = performance.now();
  const breaches = await expireAll(stack, tenants).catch((error: Error) => [error.message]);
  const outcome: Outcome = {
    story: "a day goes by",
    part: "worker",
    fault: "its clock moves on by 25 hours",
    stage: "after everything",
    injected: 1,
    observed: `nothing is left of ${tenants.length} accounts`,
    breaches,
    seconds: Math.round((performance.now() - since) / 100) / 10,
  };
  options.onOutcome(outcome);
  if (breaches.length > 0) keepLogs(stack, options.logs, outcome.story);
}

function keepLogs(stack: ChaosStack, folder: string, story: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${story.replaceAll(/\W+/g, "-")}.log`), stack.log());
}
