// An edit with the typed client: FLUX_API_KEY=sk_… node infra/run.mjs edge/docs/examples/first-edit.ts
import { readFile, writeFile } from "node:fs/promises";
import { createClient } from "../../../shared/client/src/index.ts";

const { FLUX_API_URL: url = "http://127.0.0.1:8787", FLUX_API_KEY: key } = process.env;
const flux = createClient({ url, key });

const image = new Blob([await readFile("gpu-fn/examples/portrait-03.png")], { type: "image/png" });
const edit = await flux.edit(
  { image, source_prompt: "a woman", prompt: "a woman with black hair" },
  { onProgress: ({ phase, step, steps }) => console.log(phase, `${step}/${steps}`) },
);
const picture = await fetch(edit.image.url);
await writeFile("black-hair.png", new Uint8Array(await picture.arrayBuffer()));
console.log(`black-hair.png, for ${edit.usage.credits} credit`);
