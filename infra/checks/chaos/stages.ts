import { gpuEventSchema } from "../../../shared/gpu.ts";
import type { Held, Passing } from "./link.ts";
import type { ChaosStack } from "./stack.ts";

/** The stages of an edit, in order. */
export const STAGES = [
  "loading",
  "locating",
  "inverting",
  "editing",
  "uploading",
  "capturing",
  "webhook",
] as const;

export type Stage = (typeof STAGES)[number];

/** What passes over which link when a stage has just begun. */
const SIGNS: Readonly<
  Record<Stage, { readonly link: keyof ChaosStack["links"]; readonly sign: (passing: Passing) => boolean }>
> = {
  loading: { link: "gpu", sign: says((event) => event.event === "loading") },
  locating: { link: "gpu", sign: says((event) => event.event === "progress" && event.phase === "locate") },
  inverting: {
    link: "gpu",
    sign: says((event) => event.event === "progress" && event.phase === "inversion"),
  },
  editing: { link: "gpu", sign: says((event) => event.event === "progress" && event.phase === "edit") },
  uploading: {
    link: "storage",
    sign: ({ point, method, path }) =>
      point === "request" && method === "PUT" && /\/edits\/[^/]+\/\d+\/result\?/.test(path),
  },
  // the GPU function is done, and the worker has not received it
  capturing: { link: "gpu", sign: says((event) => event.event === "succeeded") },
  // the edit is captured, and its receiver has not been notified
  webhook: { link: "webhook", sign: ({ point }) => point === "request" },
};

/** Holds the traffic that starts the given stage of the next edit. */
export function reach(stack: ChaosStack, stage: Stage, signal: AbortSignal): Promise<Held> {
  const { link, sign } = SIGNS[stage];
  return stack.links[link].hold(sign, signal);
}

function says(matches: (event: ReturnType<typeof gpuEventSchema.parse>) => boolean) {
  return ({ point, text }: Passing) => {
    if (point !== "line") return false;
    const event = gpuEventSchema.safeParse(JSON.parse(text));
    return event.success && matches(event.data);
  };
}
