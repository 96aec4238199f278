import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Verdict } from "../../../shared/moderation/policies.ts";
import { type Moderation, moderationState } from "../../../shared/moderation/settings.ts";
import { revive } from "../engine/protocol.ts";
import { WeightsError } from "../errors.ts";
import type { Judge } from "./judge.ts";
import type { Answer, Opening, Question } from "./protocol.ts";
import { needsWeights } from "./settings.ts";
import { requireWeights } from "./weights.ts";

/** A judge in a thread of its own. */
export interface Moderator extends Judge {
  /** Settles once its networks are open. @throws WeightsError */
  readonly ready: Promise<void>;
  readonly state: ReturnType<typeof moderationState>;
  close(): Promise<void>;
}

/** Every policy turned off. */
export const NO_MODERATION: Moderator = {
  ready: Promise.resolve(),
  state: { on: [], off: [] },
  prompts: async () => null,
  photo: async () => null,
  result: async () => null,
  close: async () => {},
};

type Asked = Question extends infer One ? (One extends Question ? Omit<One, "id"> : never) : never;

interface Waiting {
  resolve(verdict: Verdict | null): void;
  reject(error: Error): void;
}

/**
 * Starts the policies that are on; what is asked before they are ready waits.
 * @param onEnd called where the thread falls over: nothing can be judged any more
 * @throws WeightsError, one line, where their weights are not in the folder
 */
export async function openModerator(
  moderation: Moderation,
  folder: string,
  onEnd: () => void = () => {},
): Promise<Moderator> {
  const state = moderationState(moderation);
  if (!needsWeights(moderation)) return { ...NO_MODERATION, state };
  await requireWeights(folder);
  const opening: Opening = { moderation, folder };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: opening });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let ended = false;
  let closing = false;

  const { promise: ready, resolve: open, reject: unable } = Promise.withResolvers<void>();
  ready.catch(() => {}); // whoever waits for it hears of it
  const endAll = (error: Error) => {
    unable(error);
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  };
  worker.on("message", (answer: Answer) => {
    if (answer.type === "ready") return open();
    if (answer.type === "unable") return endAll(new WeightsError(answer.message));
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === "verdict") one?.resolve(answer.verdict);
    else one?.reject(revive(answer.error));
  });
  worker.on("error", endAll);
  worker.on("exit", () => {
    ended = true;
    endAll(gone());
    if (!closing) onEnd();
  });

  async function ask(question: Asked): Promise<Verdict | null> {
    await ready;
    if (ended) throw gone();
    const id = next++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...question, id });
    });
  }

  return {
    ready,
    state,
    prompts: (prompts) => ask({ ask: "prompts", prompts }),
    photo: (picture) => ask({ ask: "photo", picture }),
    result: (picture) => ask({ ask: "result", picture }),
    async close() {
      closing = true;
      // not terminate(): the runtime aborts the process when its thread ends inside an evaluation
      worker.postMessage({ ask: "close", id: next++ } satisfies Question);
      if (worker.threadId !== -1) await once(worker, "exit");
    },
  };
}

const gone = () => new Error("the thread of the policies has ended");
