import type { Verdict } from "../../../shared/moderation/policies.ts";
import { type Moderation, moderationState } from "../../../shared/moderation/settings.ts";
import { openThread } from "../thread/open-thread.ts";
import type { Judge } from "./judge.ts";
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

/** The thread's initial data. */
export interface PoliciesOpening {
  readonly moderation: Moderation;
  readonly folder: string;
}

type JudgeCalls = Pick<Judge, "prompts" | "photo" | "result">;

/**
 * Starts the enabled policies. Questions asked before they are ready wait.
 * @param onEnd called if the thread crashes, after which nothing can be judged
 * @throws WeightsError, one line, if their weights are not in the folder
 */
export async function openModerator(
  moderation: Moderation,
  folder: string,
  onEnd: () => void = () => {},
): Promise<Moderator> {
  const state = moderationState(moderation);
  if (!needsWeights(moderation)) return { ...NO_MODERATION, state };
  await requireWeights(folder);
  const data: PoliciesOpening = { moderation, folder };
  const name = "the thread of the policies";
  const thread = openThread<JudgeCalls>(new URL("./thread.ts", import.meta.url), { name, data });
  let closing = false;
  void thread.ended.then(() => {
    if (!closing) onEnd();
  });
  /** A question asked before the networks are open waits for them, and fails with their error if they do not open. */
  const ask = async <Name extends keyof JudgeCalls>(
    call: Name,
    ...inputs: Parameters<JudgeCalls[Name]>
  ): Promise<Verdict | null> => {
    await thread.ready;
    return thread.call(call, inputs);
  };
  return {
    ready: thread.ready,
    state,
    prompts: (prompts) => ask("prompts", prompts),
    photo: (picture) => ask("photo", picture),
    result: (picture) => ask("result", picture),
    async close() {
      closing = true;
      await thread.close();
    },
  };
}
