import { PROMPT_POLICIES, type PromptPolicy } from "../../../shared/moderation/policies.ts";
import { policiesOf } from "../../../shared/moderation/prompt.ts";
import { DEFAULT_MODERATION } from "../../../shared/moderation/settings.ts";
import { promptSchema } from "../../../shared/prompt.ts";
import type { Judge } from "../../src/moderation/judge.ts";
import { ADVERSARIAL, KINDS, type Kind, OTHER_SCRIPTS } from "./adversarial.ts";
import { HALVES, type Half, halfOf } from "./halves.ts";
import { HARMLESS, TOPICS, type Topic } from "./harmless.ts";

export interface CaughtRow {
  readonly policy: PromptPolicy;
  readonly kind: Kind;
  readonly half: Half;
  readonly prompts: number;
  /** Refused by words alone, as at the edge; and by words and embeddings together. */
  readonly caught_by_words: number;
  readonly caught: number;
  /** Those refused by another policy. */
  readonly under_another_name: number;
  /** Prompts that passed, for the tuned half only. */
  readonly missed: readonly string[];
}

export interface RefusedRow {
  readonly topic: Topic;
  readonly half: Half;
  readonly prompts: number;
  readonly refused_by_words: number;
  readonly refused: number;
  readonly wrong: readonly string[];
}

/** The prompt after the schema, as in a request. */
const asked = (prompt: string) => promptSchema.parse(prompt);

const byWords = async (prompt: string) => (await policiesOf(prompt)).size > 0;

/** Adversarial prompts, caught and missed, for each policy, kind and half. */
export async function measureCaught(judge: Judge): Promise<CaughtRow[]> {
  const rows: CaughtRow[] = [];
  for (const policy of PROMPT_POLICIES)
    for (const kind of KINDS)
      for (const half of HALVES) {
        const prompts = halfOf(ADVERSARIAL[policy][kind], half).map(asked);
        const words = await Promise.all(prompts.map(byWords));
        const verdicts = await Promise.all(prompts.map((prompt) => judge.prompts([prompt])));
        rows.push({
          policy,
          kind,
          half,
          prompts: prompts.length,
          caught_by_words: words.filter(Boolean).length,
          caught: verdicts.filter((verdict) => verdict !== null).length,
          under_another_name: verdicts.filter((verdict) => verdict !== null && verdict.policy !== policy)
            .length,
          missed: half === "tuned" ? prompts.filter((_, i) => verdicts[i] === null) : [],
        });
      }
  return rows;
}

/** Refused harmless prompts of each topic and half, listed by name. */
export async function measureRefused(judge: Judge): Promise<RefusedRow[]> {
  const rows: RefusedRow[] = [];
  for (const topic of TOPICS)
    for (const half of HALVES) {
      const prompts = halfOf(HARMLESS[topic], half).map(asked);
      const words = await Promise.all(prompts.map(byWords));
      const verdicts = await Promise.all(prompts.map((prompt) => judge.prompts([prompt])));
      rows.push({
        topic,
        half,
        prompts: prompts.length,
        refused_by_words: words.filter(Boolean).length,
        refused: verdicts.filter((verdict) => verdict !== null).length,
        wrong: prompts.flatMap((prompt, i) => {
          const verdict = verdicts[i];
          return verdict ? `${prompt} (${verdict.policy})` : [];
        }),
      });
    }
  return rows;
}

/** Harmless prompts from a grammar and from PASL's wordings; refused ones are listed by name. */
export async function measureMade(judge: Judge, prompts: readonly string[]) {
  const wrong: string[] = [];
  for (const prompt of prompts) {
    const verdict = await judge.prompts([asked(prompt)]);
    if (verdict !== null) wrong.push(`${prompt} (${verdict.policy})`);
  }
  return { prompts: prompts.length, refused: wrong.length, wrong };
}

/**
 * Prompts in other scripts, or with letters of one: how many the prompt schema refuses before any policy, and how many a
 * policy. The rest reach no model as they are written: they are read as a taught phrase or refused (docs/words.md).
 */
export async function measureOtherScripts(judge: Judge) {
  const left = OTHER_SCRIPTS.filter((prompt) => promptSchema.safeParse(prompt).success);
  const verdicts = await Promise.all(left.map((prompt) => judge.prompts([asked(prompt)])));
  return {
    prompts: OTHER_SCRIPTS.length,
    refused_by_schema: OTHER_SCRIPTS.length - left.length,
    refused_by_policy: verdicts.filter((verdict) => verdict !== null).length,
  };
}

/** The settings for all figures: the policies' defaults. */
export const MEASURED = DEFAULT_MODERATION;
