// An edit by the typed client: FLUX_API_KEY=sk_… node infra/run.mjs edge/docs/examples/first-edit.ts
import { readFile, writeFile } from "node:fs/promises";
import { createClient } from "../../../shared/client/src/index.ts";

const { FLUX_API_URL: url = "http://127.0.0.1:8787", FLUX_API_KEY: key } = process.env;
const client = createClient({ url, key });

const photo = new Blob([await readFile("gpu-fn/examples/portrait-03.png")], { type: "image/png" });
const order = { image: photo, source_prompt: "a woman", prompt: "a woman with black hair" };
const { id } = await client.createEdit(order, { idempotencyKey: "my-first-edit" });

for await (const { event, data } of client.followEdit(id)) {
  if (event === "progress") console.log(data.phase, `${data.step}/${data.steps}`);
  if (event === "failed") throw new Error(data.error?.detail);
  if (event !== "succeeded" || data.image === null) continue;
  await writeFile("black-hair.png", new Uint8Array(await (await fetch(data.image.url)).arrayBuffer()));
  console.log(`black-hair.png, for ${data.usage.credits} credit`);
}
