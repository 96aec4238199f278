import { z } from "zod";

/** When a policy is applied: to the prompts of a request, or to a picture. */
export type Stage = "prompt" | "image";

interface PolicyCard {
  readonly stage: Stage;
  /** What it refuses, for people. */
  readonly refuses: string;
  /** The score that its threshold is compared with. */
  readonly measure: string;
  /** Default; edge/docs/moderation.md has the measurements behind it. */
  readonly threshold: number;
  readonly range: readonly [number, number];
}

const CLOSENESS = "how much closer a prompt is to the policy's examples than to ordinary ones, −1…1";

/** All policies of the product. Prompts are checked first at the edge, then with embeddings in the GPU function. */
export const POLICIES = {
  "prompt.sexual": {
    stage: "prompt",
    refuses: "nudity, undressing and sexual content",
    measure: CLOSENESS,
    threshold: 0.08,
    range: [-1, 1],
  },
  "prompt.minors": {
    stage: "prompt",
    refuses: "children and anybody under eighteen",
    measure: CLOSENESS,
    threshold: 0.08,
    range: [-1, 1],
  },
  "prompt.hate": {
    stage: "prompt",
    refuses: "slurs, symbols of hate, and mockery of a group of people",
    measure: CLOSENESS,
    threshold: 0.08,
    range: [-1, 1],
  },
  "prompt.real_person": {
    stage: "prompt",
    refuses: "the likeness of a person who is named or described",
    measure: CLOSENESS,
    threshold: 0.08,
    range: [-1, 1],
  },
  "image.sexual": {
    stage: "image",
    refuses: "a photo or a result that the classifier takes for pornography",
    measure: "the classifier's probability, 0…1",
    threshold: 0.5,
    range: [0, 1],
  },
  "image.age": {
    stage: "image",
    refuses: "a photo with a face that is estimated to be younger than this",
    measure: "years",
    threshold: 25,
    range: [0, 80],
  },
} as const satisfies Readonly<Record<string, PolicyCard>>;

export type Policy = keyof typeof POLICIES;
export type PromptPolicy = Extract<Policy, `prompt.${string}`>;
export type ImagePolicy = Extract<Policy, `image.${string}`>;

export const POLICY_NAMES = Object.keys(POLICIES) as [Policy, ...Policy[]];

export const PROMPT_POLICIES = POLICY_NAMES.filter((name): name is PromptPolicy =>
  name.startsWith("prompt."),
);

export const policySchema = z.enum(POLICY_NAMES);

/** A refusal: the policy, but not what it found, which would only help to evade it. */
export interface Verdict {
  readonly policy: Policy;
  /** For people. */
  readonly detail: string;
}

export const verdictOf = (policy: Policy, what: string): Verdict => ({
  policy,
  detail: `${what} is refused by the policy ${policy}: ${POLICIES[policy].refuses}`,
});
