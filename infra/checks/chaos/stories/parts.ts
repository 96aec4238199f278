import type { Edit } from "../../../../shared/edit.ts";
import type { Process } from "../stack.ts";
import { STAGES, type Stage } from "../stages.ts";
import { END_MS, LONG, type Scene, SHORT, type Story, sleep } from "../story.ts";

/** Longer than a run's lease of 30 s, and than any patience of the parts with each other. */
const LONG_STOP_MS = 35_000;
const SHORT_STOP_MS = 2_000;

/** A third try of a webhook comes five minutes after the second: the worker's clock is moved past it. */
const THIRD_TRY_MS = 331_000;

type Part = Process | "engine";

const NAMES: Readonly<Record<Part, string>> = {
  gpu: "GPU function",
  worker: "worker",
  gateway: "Upstash gateway",
  receiver: "webhook receiver",
  engine: "engine's thread",
};

interface Fault {
  readonly name: string;
  /** Shorter, for the story's name. */
  readonly verb: string;
  readonly seconds: number;
  /** Longer than a moment: others are concerned. */
  readonly lasts: boolean;
  /** @returns once the fault is over */
  inject(scene: Scene, part: Part): { readonly injected: Promise<void>; readonly over: Promise<void> };
}

const OVER = Promise.resolve();

const FAULTS: readonly Fault[] = [
  {
    name: "SIGKILL (the thread: its end)",
    verb: "dies",
    lasts: true,
    seconds: 15,
    inject({ stack }, part) {
      if (part === "engine") return { injected: stack.order({ order: "end", thread: "engine" }), over: OVER };
      stack.signal(part, "SIGKILL");
      return { injected: OVER, over: OVER };
    },
  },
  {
    name: "SIGSTOP for 35 s, then SIGCONT",
    verb: "stops for longer than the lease",
    lasts: true,
    seconds: 60,
    inject: stops(LONG_STOP_MS),
  },
  {
    name: "SIGSTOP for 2 s, then SIGCONT",
    verb: "stops shortly",
    lasts: false,
    seconds: 8,
    inject: stops(SHORT_STOP_MS),
  },
];

function stops(ms: number): Fault["inject"] {
  return ({ stack }, part) => {
    if (part === "engine")
      return { injected: stack.order({ order: "stall", thread: "engine", ms }), over: sleep(ms) };
    stack.signal(part, "SIGSTOP");
    return { injected: OVER, over: sleep(ms).then(() => stack.signal(part, "SIGCONT")) };
  };
}

const PARTS: readonly Part[] = ["gpu", "engine", "worker", "gateway", "receiver"];

/** Every part, at every stage, by every fault. */
const EVERY: readonly Story[] = PARTS.flatMap((part) =>
  FAULTS.flatMap((fault) =>
    STAGES.map((stage) => ({
      name: `${NAMES[part]} ${fault.verb} while ${stage}`,
      part: NAMES[part],
      fault: fault.name,
      stage,
      seconds: fault.seconds,
      run: (scene) => hit(scene, part, fault, stage),
    })),
  ),
);

/** The thread hangs for good: only the end of its process helps, and the GPU function sees to it. */
const HANGING: Story = {
  name: "engine's thread hangs for good while editing",
  part: NAMES.engine,
  fault: "silent for ten minutes",
  stage: "editing",
  seconds: 100,
  async run(scene) {
    const { stack, tenant } = scene;
    const before = stack.pid("gpu");
    const id = await scene.at(
      "editing",
      () => tenant.edit({ steps: LONG, deadlineMs: 30_000 }),
      () => stack.order({ order: "stall", thread: "engine", ms: 600_000 }),
    );
    const observed = await seen(scene, [await tenant.settled(id, END_MS)]);
    const until = Date.now() + END_MS;
    while (stack.pid("gpu") === before) {
      if (Date.now() > until) throw new Error("the GPU function that hangs is still there");
      await sleep(500);
    }
    return `${observed}; the GPU function started again`;
  },
};

/** The thread of the policies ends: nothing may be edited without it. */
const UNJUDGED: readonly Story[] = (["loading", "locating", "editing"] as const).map((stage) => ({
  name: `policies' thread dies while ${stage}`,
  part: "policies' thread",
  fault: "its end",
  stage,
  seconds: 30,
  async run(scene) {
    const { stack, tenant } = scene;
    const id = await scene.at(
      stage,
      () => tenant.edit({ steps: LONG }),
      () => stack.order({ order: "end", thread: "policies" }),
    );
    return seen(scene, [await tenant.settled(id, END_MS)]);
  },
}));

/** Stopped for good: the supervisor of `npm start` ends the part and starts it again. */
const STOPPED: readonly Story[] = (["gpu", "worker", "gateway"] as const).map((part) => ({
  name: `${NAMES[part]} stops for good while editing`,
  part: NAMES[part],
  fault: "SIGSTOP, until the supervisor ends it",
  stage: "editing",
  kind: "impatient",
  seconds: 60,
  async run(scene) {
    const { stack, tenant } = scene;
    const before = stack.pid(part);
    const id = await scene.at(
      "editing",
      () => tenant.edit({ steps: LONG }),
      () => stack.signal(part, "SIGSTOP"),
    );
    const observed = await seen(scene, [await tenant.settled(id, END_MS)]);
    const until = Date.now() + END_MS;
    while (stack.pid(part) === before) {
      if (Date.now() > until) throw new Error("the supervisor did not end what was stopped");
      await sleep(500);
    }
    return `${observed}; started again`;
  },
}));

/** One edit is hit at a stage; where the fault lasts, another waits behind it. */
async function hit(scene: Scene, part: Part, fault: Fault, stage: Stage): Promise<string> {
  const { stack, tenant } = scene;
  let over = OVER;
  const behind: string[] = [];
  const create = async () => {
    const id = await tenant.edit({ steps: LONG });
    if (fault.lasts) behind.push(await tenant.edit({ steps: SHORT }));
    return id;
  };
  const id = await scene.at(stage, create, async () => {
    const fate = fault.inject(scene, part);
    over = fate.over;
    await fate.injected;
  });
  await over;
  const edits = await Promise.all([id, ...behind].map((edit) => tenant.settled(edit, END_MS)));
  if (part === "receiver" && fault.seconds > 30) await stack.moveClock(stack.offsetMs + THIRD_TRY_MS);
  return seen(scene, edits);
}

/** How edits ended, and after how many attempts. */
export async function seen({ stack, tenant }: Scene, edits: readonly Edit[]): Promise<string> {
  const { edits: rows } = await stack.stores.account(tenant.id);
  return edits
    .map(({ id, status, error }) => {
      const attempts = rows.find((row) => row.id === id)?.attempt ?? 0;
      return `${status}${error === null ? "" : ` (${error.code})`}${attempts > 1 ? `, attempt ${attempts}` : ""}`;
    })
    .join("; ");
}

export const PART_STORIES: readonly Story[] = [...EVERY, HANGING, ...UNJUDGED, ...STOPPED];
