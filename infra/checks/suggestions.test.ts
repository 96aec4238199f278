// What the playground suggests is read by the embedded model as it is: nothing is left out, nothing is unknown to it.
import { join } from "node:path";
import { expect, test } from "vitest";
import { SUGGESTIONS } from "../../edge/playground/src/model/suggestions.ts";
import { readManifest } from "../../gpu-fn/src/manifest/manifest.ts";
import { readRequest } from "../../gpu-fn/src/words/reader.ts";
import { openTaught } from "../../gpu-fn/src/words/taught.ts";

const MINI = join(import.meta.dirname, "../../gpu-fn/models/mini/manifest.json");

test.each(Object.entries(SUGGESTIONS))("the suggestions for %s", async (_, phrases) => {
  const taught = await openTaught(await readManifest(MINI), "/nowhere");
  for (const phrase of phrases) {
    const prompt = `a woman ${phrase}`;
    const asked = { prompt, locate: [prompt] };
    const { readAs, ...reading } = await readRequest(asked, { source: "a woman", masked: false }, taught);
    expect(reading, phrase).toMatchObject({ warnings: [], familiar: true });
    // one form of a negation is the model's own
    if (!/without/.test(phrase)) expect(readAs, phrase).toBeNull();
  }
});
