import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type FileGrant, verifyFile } from "../../../../shared/signing.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { conditionOf, rangeCounts } from "../../images/conditions.ts";
import { extensionOf, photoTypeOf } from "../../images/content-type.ts";
import { rangeOf } from "../../images/range.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { refusals } from "../../openapi/answers.ts";
import { imageBody } from "../../openapi/image-body.ts";
import { notFound, Refusal } from "../../problem.ts";

const params = z.object({
  key: z.string().meta({ description: "The path of the file, as in the signed URL.", example: "acct_…" }),
});

const query = z.object({
  expires: z.string().optional().meta({ description: "Unix time in seconds.", example: "1795600800" }),
  signature: z.string().optional(),
});

const picture = { schema: { type: "string" as const, format: "binary" } };

const shared = { path: "/v1/files/{key}", tags: ["images"], request: { params, query } };

const getRoute = createRoute({
  ...shared,
  operationId: "getFile",
  method: "get",
  summary: "Read a file by its signed URL",
  responses: {
    200: { description: "The file.", content: { "image/*": picture } },
    206: { description: "The part of it that `Range` asks for.", content: { "image/*": picture } },
    304: { description: "It is as `If-None-Match` or `If-Modified-Since` says." },
    ...refusals(403, 404, 412),
  },
});

const putRoute = createRoute({
  ...shared,
  operationId: "putFile",
  method: "put",
  summary: "Write a file by its signed URL",
  request: {
    params,
    query: query.extend({ max_bytes: z.string().optional() }),
    body: imageBody,
  },
  responses: { 204: { description: "The file is stored." }, ...refusals(400, 403, 404, 411, 413, 415) },
});

/**
 * `GET` and `PUT /v1/files/{key}`: the only way for pixels to leave and enter R2. The signature is the permission.
 * Registered by hand: a key contains slashes, which OpenAPI cannot express.
 */
export const files = new OpenAPIHono<AppEnv>();

files.openAPIRegistry.registerPath(getRoute);
files.openAPIRegistry.registerPath(putRoute);

files.get("/v1/files/:key{.+}", async (c) => {
  const key = await grantedKey(c, { method: "GET" });
  const { headers: asked } = c.req.raw;
  // most requests ask for the whole file without conditions: they read it at once
  const state = CONDITIONS.some((name) => asked.has(name)) ? await c.env.IMAGES.head(key) : null;
  const condition = state === null ? 200 : conditionOf(asked, state);
  if (state !== null && condition === 412)
    throw new Refusal("precondition_failed", "the file is not as If-Match or If-Unmodified-Since says");
  if (state !== null && condition === 304) return c.body(null, 304, fileHeaders(key, state));
  // a range is of a GET alone (RFC 9110, 14.2)
  const ranged = c.req.method === "GET" && state !== null && rangeCounts(asked, state);
  const part = ranged ? rangeOf(asked.get("Range") ?? undefined, state.size) : null;
  const object = await c.env.IMAGES.get(key, { range: part ?? undefined });
  if (object === null) throw notFound("file");
  const headers = fileHeaders(key, object);
  if (part === null) return c.body(object.body, 200, { ...headers, "Content-Length": String(object.size) });
  const { offset, length } = part;
  return c.body(object.body, 206, {
    ...headers,
    "Content-Length": String(length),
    "Content-Range": `bytes ${offset}-${offset + length - 1}/${object.size}`,
  });
});

files.put("/v1/files/:key{.+}", async (c) => {
  const maxBytes = wholeNumber(c.req.query("max_bytes"));
  const key = await grantedKey(c, { method: "PUT", maxBytes });
  const contentType = photoTypeOf(c.req.header("Content-Type"));
  if (contentType === null) throw new Refusal("unsupported_media", "an image is needed");
  const length = announcedLength(c.req.header("Content-Length"), maxBytes);
  if (c.req.raw.body === null || length === 0)
    throw new Refusal("invalid_request", "the file is empty", { status: 400 });
  const { readable, writable } = new FixedLengthStream(length);
  const [stored, sent] = await Promise.allSettled([
    c.env.IMAGES.put(key, readable, { httpMetadata: { contentType } }),
    c.req.raw.body.pipeTo(writable),
  ]);
  if (sent.status === "rejected")
    throw new Refusal("invalid_request", "the body is not as long as its Content-Length says", {
      status: 400,
    });
  if (stored.status === "rejected") throw stored.reason;
  return c.body(null, 204, { ETag: stored.value.httpEtag });
});

/** Headers that require the file's metadata before it is read. */
const CONDITIONS = ["Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];

const WHOLE = /^\d{1,15}$/;

const wholeNumber = (text: string | undefined) => (WHOLE.test(text ?? "") ? Number(text) : 0);

/** The key that a URL's signature grants. @throws Refusal `forbidden` */
async function grantedKey(
  c: Context<AppEnv>,
  allowed: Pick<FileGrant, "method" | "maxBytes">,
): Promise<string> {
  const key = c.req.param("key") ?? "";
  const grant = { ...allowed, key, expires: wholeNumber(c.req.query("expires")) };
  const signature = c.req.query("signature") ?? "";
  const now = Date.now() / 1000;
  if (!(await verifyFile(settingsOf(c.env).signingSecrets, grant, signature, now)))
    throw new Refusal("forbidden", "the URL's signature is not valid, or its time is over");
  return key;
}

/** A file is displayed, never executed: what is not a picture by its type is not served as one. */
function fileHeaders(key: string, object: R2Object): Record<string, string> {
  const type = photoTypeOf(object.httpMetadata?.contentType) ?? "application/octet-stream";
  const name = key.replace(/^[^/]+\//, "").replaceAll(/[^A-Za-z0-9_]+/g, "-");
  return {
    "Content-Type": type,
    "Content-Disposition": `inline; filename="${name}.${extensionOf(type)}"`,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=3600",
    "Accept-Ranges": "bytes",
    ETag: object.httpEtag,
  };
}
