/** `clip_text`: last hidden state, pooled state, text embedding. */
import { openClip } from "../src/model/clip.ts";
import type { ParityCase } from "./case.ts";

export async function checkClip(parity: ParityCase): Promise<void> {
  const clip = await openClip(parity.weights(), parity.config);
  for (const number of parity.numbers()) {
    const { lastHidden, pooled, textEmbeds } = await clip.encode(parity.rows(`case${number}.in.input_ids`));
    const out = `case${number}.out`;
    parity.compare(`${out}.last_hidden_state`, lastHidden);
    parity.compare(`${out}.pooled`, pooled);
    if (textEmbeds) parity.compareIfThere(`${out}.text_embeds`, textEmbeds);
  }
  await clip.release();
}
