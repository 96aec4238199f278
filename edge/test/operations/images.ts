import { newId } from "../../../shared/ids.ts";
import { signFileUrl } from "../../../shared/signing.ts";
import { settingsOf } from "../../src/env.ts";
import { bindings, type Customer, chunked, uploaded } from "../client.ts";
import { png } from "../pictures.ts";
import { type Operation, PNG, PROMPT, pathOf, picture, withBody, wrongJson } from "./operation.ts";

const file = async (method: "GET" | "PUT", { account }: Customer): Promise<string> => {
  const key = `${account}/images/${newId("img")}`;
  if (method === "GET")
    await bindings.IMAGES.put(key, png(64, 64), { httpMetadata: { contentType: "image/png" } });
  const expires = Math.floor(Date.now() / 1000) + 600;
  const { signingSecrets } = settingsOf(bindings);
  const grant = { method, key, expires, ...(method === "PUT" && { maxBytes: 10_000 }) };
  return pathOf(await signFileUrl(signingSecrets, "https://edge.test", grant));
};

/** Photos, masks and files. */
export const IMAGES: readonly Operation[] = [
  {
    name: "POST /v1/images",
    access: { scope: "images" },
    status: 201,
    ask: () => ({ path: "/v1/images", body: png(64, 80), headers: PNG }),
    other: withBody(png(64, 81)),
    wrong: () => [
      [{ body: chunked("x") }, 411, "length_required"],
      [{ headers: { "Content-Type": "text/plain" } }, 415, "unsupported_media"],
      [{ body: png(8, 8) }, 422, "image_rejected"],
    ],
  },
  {
    name: "POST /v1/masks",
    access: { scope: "edits" },
    status: 200,
    ask: async (owner) => ({ path: "/v1/masks", body: await picture(owner) }),
    other: withBody({
      image: `data:image/png;base64,${btoa(String.fromCharCode(...png(64, 64)))}`,
      prompt: PROMPT,
    }),
    wrong: wrongJson,
    owned: true,
  },
  {
    name: "DELETE /v1/images/{id}",
    access: { scope: "images" },
    status: 204,
    ask: async ({ key }) => ({ path: `/v1/images/${await uploaded(key)}`, method: "DELETE" }),
    wrong: () => [[{ path: "/v1/images/none" }, 404, "not_found"]],
    owned: true,
  },
  {
    name: "GET /v1/files/{key}",
    access: "signature",
    status: 200,
    ask: async (owner) => ({ path: await file("GET", owner) }),
    forged: [403, "forbidden"],
  },
  {
    name: "PUT /v1/files/{key}",
    access: "signature",
    status: 204,
    ask: async (owner) => ({
      path: await file("PUT", owner),
      method: "PUT",
      body: png(64, 64),
      headers: PNG,
    }),
    wrong: () => [
      [{ body: chunked("x") }, 411, "length_required"],
      [{ body: new Uint8Array(10_001) }, 413, "payload_too_large"],
      [{ headers: { "Content-Type": "text/html" } }, 415, "unsupported_media"],
    ],
    forged: [403, "forbidden"],
  },
];
