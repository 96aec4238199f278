// Who has installed flux-sculptor-client from npm: an edit from a file, its progress, its picture.
import { readFile, writeFile } from "node:fs/promises";
import { ApiError, createClient } from "flux-sculptor-client";

const { FLUX_API_URL: url = "", FLUX_API_KEY: key, PORTRAIT = "" } = process.env;
const flux = createClient({ url, key });
const edit = await flux.edit(
  { image: new Blob([await readFile(PORTRAIT)]), prompt: "a woman wearing glasses" },
  { onProgress: ({ phase, step, steps }) => console.log(phase, step, steps) },
);
const picture = new Uint8Array(await (await fetch(edit.image.url)).arrayBuffer());
await writeFile("glasses.png", picture);

const image = await flux.upload(await readFile(PORTRAIT).then((bytes) => new Uint8Array(bytes)));
const names: string[] = [];
for await (const { event } of flux.stream({ image: image.id, edits: [{ prompt: "red lipstick" }] }))
  names.push(event);
if (names[0] !== "accepted" || names.at(-1) !== "succeeded") throw new Error(names.join(" "));
const refused = await flux.getEdit("edit_none").catch((error: unknown) => error);
if (!(refused instanceof ApiError) || refused.code !== "not_found") throw refused;
console.log(`a picture of ${picture.length} bytes`);
