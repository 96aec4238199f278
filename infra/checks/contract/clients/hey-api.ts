// A client of @hey-api/openapi-ts: uploads a photo, makes an edit of it, fetches the picture.
import { readFileSync } from "node:fs";
import { client } from "./made/hey-api/client.gen.ts";
import { createEdit, createImage } from "./made/hey-api/sdk.gen.ts";
import { showPicture } from "./show-picture.ts";

const { FLUX_API_URL: baseUrl, FLUX_API_KEY: auth, PORTRAIT = "" } = process.env;
client.setConfig({ baseUrl, auth, throwOnError: true });

const photo = new Blob([readFileSync(PORTRAIT)], { type: "image/png" });
const { data: image } = await createImage({ body: photo, throwOnError: true });
const { data: edit } = await createEdit({
  body: { image: image.id, prompt: "a woman wearing glasses", schedule: "fast" },
  headers: { prefer: "wait" },
  throwOnError: true,
});
await showPicture(edit.image?.url);
