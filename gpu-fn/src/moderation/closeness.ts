import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { PROMPT_POLICIES, type PromptPolicy } from "../../../shared/moderation/policies.ts";
import { undone } from "../../../shared/moderation/views.ts";
import type { Embed } from "./encoder.ts";
import { EXAMPLES, ORDINARY } from "./examples.ts";

/** How much closer a prompt is to each policy's nearest example than to the nearest ordinary prompt, −1…1. */
export type Closeness = (prompt: string) => Readonly<Record<PromptPolicy, number>>;

const WIDTH = 512;

/** Number of prompts whose closeness is cached, by hash, and for how long in milliseconds: no longer than inversions. */
const KEPT = { max: 2_000, ttl: 600_000 };

/** Embeds the examples once; if the folder is writable, for all later starts as well. */
export async function openCloseness(embed: Embed, folder: string): Promise<Closeness> {
  const sets: readonly (readonly string[])[] = [
    ...PROMPT_POLICIES.map((policy) => EXAMPLES[policy]),
    ORDINARY,
  ];
  const vectors = await embeddedIn(folder, sets.flat(), embed);
  const starts = sets.map((_, i) => sets.slice(0, i).flat().length);
  const groups = sets.map((set, i) => set.map((_, k) => vectorAt(vectors, (starts[i] as number) + k)));
  const nearest = (vector: Float32Array, group: readonly Float32Array[]) =>
    Math.max(...group.map((example) => dot(vector, example)));
  const known = new LRUCache<string, Readonly<Record<PromptPolicy, number>>>(KEPT);

  return (prompt) => {
    const key = createHash("sha256").update(prompt).digest("hex");
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    // the prompt itself, and the prompt with disguised or split words restored
    const readings = [...new Set([prompt, undone(prompt)])].map(embed);
    const ordinary = groups.at(-1) as Float32Array[];
    const closeness = Object.fromEntries(
      PROMPT_POLICIES.map((policy, i) => [
        policy,
        Math.max(
          ...readings.map(
            (vector) => nearest(vector, groups[i] as Float32Array[]) - nearest(vector, ordinary),
          ),
        ),
      ]),
    ) as Record<PromptPolicy, number>;
    known.set(key, closeness);
    return closeness;
  };
}

export const vectorAt = (vectors: Float32Array, i: number) => vectors.subarray(i * WIDTH, (i + 1) * WIDTH);

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The sentences' vectors one after another, from the folder if an earlier start stored them there. */
export async function embeddedIn(
  folder: string,
  sentences: readonly string[],
  embed: Embed,
): Promise<Float32Array> {
  const name = createHash("sha256").update(JSON.stringify(sentences)).digest("hex").slice(0, 16);
  const file = join(folder, `examples-${name}.f32`);
  const kept = await readFile(file).catch(() => null);
  if (kept?.length === 4 * WIDTH * sentences.length) return new Float32Array(new Uint8Array(kept).buffer);
  const vectors = new Float32Array(WIDTH * sentences.length);
  sentences.forEach((sentence, i) => {
    vectors.set(embed(sentence), i * WIDTH);
  });
  const part = `${file}.${process.pid}`;
  // a read-only folder (an image, a volume) only makes the next start slower
  await writeFile(part, new Uint8Array(vectors.buffer)).then(
    () => rename(part, file),
    () => {},
  );
  return vectors;
}
