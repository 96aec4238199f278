import { fetchModeration, MODERATION_WEIGHTS } from "./weights.ts";

/** The folder of the real weights, fetched if they are not there yet. */
export async function realWeights(): Promise<string> {
  await fetchModeration(MODERATION_WEIGHTS, (line) => void process.stderr.write(`${line}\n`));
  return MODERATION_WEIGHTS;
}
