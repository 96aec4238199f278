import type { Stream } from "../../../gpu-fn/training/text2mask/random.ts";
import type { Held } from "./link.ts";
import type { ChaosStack } from "./stack.ts";
import { reach, type Stage } from "./stages.ts";
import type { Tenant } from "./tenant.ts";

/** What a story needs: the parts alone, a real Redis server, small disks, or the supervisor of `npm start`. */
export type Kind = "plain" | "redis" | "disk" | "impatient";

/** One fault, at one stage of an edit, and what a client does meanwhile. */
export interface Story {
  readonly name: string;
  readonly part: string;
  readonly fault: string;
  readonly stage: string;
  readonly kind?: Kind;
  /** Approximate duration on an idle machine: long ones start first. */
  readonly seconds: number;
  /** Runs the story. @returns what was observed, in a few words */
  run(scene: Scene): Promise<string>;
}

/** Longest wait for a stage of an edit that was just accepted, and for an edit's end, in milliseconds. */
const STAGE_MS = 60_000;
export const END_MS = 200_000;

/** Steps of an edit that gets a fault, and of one that waits behind it. */
export const LONG = 24;
export const SHORT = 2;

/** What a story works with: the running parts, a separate account, and a source of randomness that its seed repeats. */
export class Scene {
  readonly stack: ChaosStack;
  readonly tenant: Tenant;
  readonly random: Stream;
  /** Faults that were injected. */
  injected = 0;
  readonly #over = new AbortController();

  constructor(stack: ChaosStack, tenant: Tenant, random: Stream) {
    this.stack = stack;
    this.tenant = tenant;
    this.random = random;
  }

  /** Creates an edit by `create`, and does `act` while the traffic that starts its stage is held. */
  async at<T>(
    stage: Stage,
    create: () => Promise<T>,
    act: (created: T, held: Held) => void | Promise<void>,
  ): Promise<T> {
    if (stage === "loading") this.stack.restartGpu();
    const late = AbortSignal.any([this.#over.signal, AbortSignal.timeout(STAGE_MS)]);
    const reached = reach(this.stack, stage, late);
    reached.catch(() => {}); // awaited below, after what may fail as well
    const created = await create();
    const held = await reached;
    this.injected += 1;
    try {
      await act(created, held);
    } finally {
      held.release();
    }
    return created;
  }

  /** Cleans up after the story: stopped parts continue, links are clear, the queue is calm. */
  async tidy(): Promise<void> {
    this.#over.abort(new Error("the story is over"));
    await this.stack.calm();
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
