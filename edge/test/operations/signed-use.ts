import { answer, call, chunked, uploaded } from "../client.ts";
import { png } from "../pictures.ts";
import { signed } from "../signed.ts";
import { type Operation, PNG, pathOf, picture, withBody, wrongJson } from "./operation.ts";

/** Operations that apps and pages may call without a key. */
export const SIGNED_USE: readonly Operation[] = [
  {
    name: "POST /v1/uploads",
    access: { scope: "images" },
    status: 200,
    ask: () => ({ path: "/v1/uploads", body: { content_type: "image/png" } }),
    other: withBody({ content_type: "image/webp" }),
    wrong: wrongJson,
  },
  {
    name: "PUT /v1/uploads/{token}",
    access: "signature",
    status: 201,
    ask: async ({ key }) => {
      const body = { content_type: "image/png" };
      const { url } = await answer<{ url: string }>(call("/v1/uploads", { key, body }), 200);
      return { path: pathOf(url), method: "PUT", body: png(64, 64), headers: PNG };
    },
    wrong: () => [
      [{ body: chunked("x") }, 411, "length_required"],
      [{ headers: { "Content-Type": "application/json" } }, 415, "unsupported_media"],
      [{ body: png(8, 8) }, 422, "image_rejected"],
    ],
    forged: [403, "forbidden"],
  },
  {
    name: "POST /v1/sign",
    access: { scope: "sign" },
    status: 200,
    ask: async ({ key }) => ({
      path: "/v1/sign",
      body: { action: "edit", expires_in: 60, constraints: { image: await uploaded(key) } },
    }),
    other: withBody({ action: "upload", expires_in: 60 }),
    wrong: wrongJson,
    owned: true,
  },
  {
    name: "GET /v1/render/{token}",
    access: "signature",
    status: 200,
    ask: async (owner) => {
      const { image, prompt } = await picture(owner);
      const constraints = { image, prompts: [prompt] };
      return { path: pathOf((await signed(owner.key, { action: "render", constraints })).url) };
    },
    forged: [403, "forbidden"],
  },
];
