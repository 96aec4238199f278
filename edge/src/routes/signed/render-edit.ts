import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { isFinal } from "../../../../shared/edit.ts";
import type { EditRow, StoredResult } from "../../account/contract/edits.ts";
import type { AppEnv } from "../../context.ts";
import { renderedEdit } from "../../edits/rendered-edit.ts";
import { refusals } from "../../openapi/answers.ts";
import { notFound, Refusal, refusedBy } from "../../problem.ts";
import { openBearer } from "../../tokens/bearer.ts";
import { matchesEtag } from "../../tokens/etag.ts";

/** Maximum time that an image's address waits for its edit, in milliseconds. */
const WAIT_MS = 60_000;

/** `Retry-After` for a client that came too early. */
const RETRY_AFTER_SECONDS = 5;

const picture = { schema: { type: "string" as const, format: "binary" } };

const DESCRIPTION = `An edit as an image's address, for \`<img src>\`. The first request runs the edit and waits for it,
up to a minute; requests in the meantime wait for the same edit; later ones are served from storage. An edit that
takes longer answers 503 with \`Retry-After\`: browsers and caches keep no 503, and asking again joins the same edit.
The image may be kept until the token ends or the content is erased, whichever comes first.`;

const route = createRoute({
  method: "get",
  path: "/v1/render/{token}",
  operationId: "renderEdit",
  tags: ["signed use"],
  summary: "The image that a token describes",
  description: DESCRIPTION,
  request: { params: z.object({ token: z.string().meta({ example: "eyJhbGciOiJkaXIi…" }) }) },
  responses: {
    200: { description: "The edited image.", content: { "image/*": picture } },
    304: { description: "It is as `If-None-Match` says." },
    ...refusals(402, 403, 404, 409, 422, 429, 503),
  },
});

/** `GET /v1/render/{token}` */
export const renderEdit = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { token } = c.req.valid("param");
  const bearer = await openBearer(c, token, "render");
  // a HEAD request must not create the image: nothing is known before it exists
  if (c.req.method === "HEAD" && bearer.edit?.result == null)
    return c.body(null, 200, { "Cache-Control": "no-store" });
  const accepted = await renderedEdit(c.env, bearer, token);
  c.set("editId", accepted.id);
  const edit = isFinal(accepted) ? accepted : await bearer.account.waitForEdit(accepted.id, WAIT_MS);
  if (edit === null) throw notFound("image");
  const result = resultOf(edit);
  const headers = imageHeaders(result, Math.min(bearer.claims.exp * 1000, edit.expiresAt));
  if (matchesEtag(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
  const object = await c.env.IMAGES.get(result.key);
  if (object === null) throw notFound("image");
  return c.body(object.body, 200, { ...headers, "Content-Length": String(object.size) });
});

/** @throws Refusal the edit's own problem, or `gpu_unavailable` with `Retry-After` while it runs */
function resultOf({ status, result, error }: EditRow): StoredResult {
  if (result !== null) return result;
  if (error !== null) throw refusedBy(error);
  if (status === "canceled") throw new Refusal("conflict", "the edit was canceled");
  throw new Refusal("gpu_unavailable", "the edit is not finished yet; ask again soon", {
    headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
  });
}

/** `private`: erased content must not live on in shared caches. @param until Unix milliseconds */
function imageHeaders({ contentType, sha256 }: StoredResult, until: number) {
  const seconds = Math.max(0, Math.floor((until - Date.now()) / 1000));
  return {
    "Content-Type": contentType,
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": `private, max-age=${seconds}, immutable`,
    ETag: `"${sha256}"`,
  };
}
