// A client of openapi-typescript with openapi-fetch: a photo and its edit in one form, then the picture.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { paths } from "./made/openapi-typescript.d.ts";
import { showPicture } from "./show-picture.ts";

const { FLUX_API_URL: baseUrl, FLUX_API_KEY: key, PORTRAIT = "" } = process.env;
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const photo = new Blob([readFileSync(PORTRAIT)], { type: "image/png" });
const { data: edit, error } = await client.POST("/v1/edits", {
  params: { header: { prefer: "wait" } },
  body: { image: photo as unknown as string, prompt: "a woman wearing glasses", schedule: { steps: 4 } },
  bodySerializer: (body) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(body as Record<string, unknown>))
      form.set(name, value instanceof Blob || typeof value === "string" ? value : JSON.stringify(value));
    return form;
  },
});
if (error !== undefined) throw new Error(error.detail);
await showPicture(edit.image?.url);
