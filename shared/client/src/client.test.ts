import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { editWith } from "../../edit.fixture.ts";
import type { Edit, EditStatus } from "../../edit.ts";
import type { Problem, ProblemCode } from "../../problem.ts";
import { type Client, createClient } from "./client.ts";
import { ApiError, ConnectionError, EditError, retryAfterOf } from "./errors.ts";
import { API_VERSION } from "./request.ts";

/** What the server received. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}

const seen: Seen[] = [];
/** Prepared answers to the server's next requests; without one, the route's own answer. */
let before: (((c: Context) => Response) | null)[] = [];
/** Bodies of the requested edits. */
const bodies: unknown[] = [];

const editOf = (id: string, status: EditStatus = "succeeded") => editWith({ id, status });

const refuse = (status: number, code: ProblemCode, headers: Record<string, string> = {}) => {
  const problem: Problem = {
    type: "about:blank",
    title: code,
    status,
    detail: "as the test wants it",
    code,
    request_id: "request-1",
  };
  const sent = { ...headers, "content-type": "application/problem+json" };
  return () => new Response(JSON.stringify(problem), { status, headers: sent });
};

const image = {
  id: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
  width: 64,
  height: 80,
  bytes: 3,
  content_type: "image/png",
  expires_at: "2026-11-25T09:30:00.000Z",
};

const api = new Hono();
api.use(async (c, next) => {
  const { method, path } = c.req;
  seen.push({ method, path, query: c.req.query(), headers: c.req.header() });
  const answer = before.shift();
  if (answer) return answer(c);
  await next();
});
api.post("/v1/images", async (c) => c.json({ ...image, bytes: (await c.req.arrayBuffer()).byteLength }, 201));
api.post("/v1/edits", async (c) => {
  const form = c.req.header("Content-Type")?.startsWith("multipart/");
  bodies.push(form ? await c.req.parseBody() : await c.req.json());
  return c.json(editOf("edit_new", "queued"), 202);
});
api.get("/v1/edits", (c) => {
  const start = Number(c.req.query("cursor") ?? 0);
  const limit = Number(c.req.query("limit") ?? 2);
  const data = Array.from({ length: Math.min(limit, 5 - start) }, (_, i) => editOf(`edit_${start + i}`));
  const next = start + data.length;
  return c.json({ data, next_cursor: next < 5 ? String(next) : null, has_more: next < 5 });
});
api.get("/v1/edits/:id", (c) => c.json(editOf(c.req.param("id"))));
api.post("/v1/edits/:id/cancel", (c) => c.json(editOf(c.req.param("id"), "canceled")));
api.delete("/v1/edits/:id", (c) => c.body(null, 204));

let server: ReturnType<typeof serve>;
let client: Client;
let url: string;

beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: api.fetch, port: 0, hostname: "127.0.0.1" }, (info) => resolve(info.port));
  });
  url = `http://127.0.0.1:${port}`;
  client = createClient({ url, key: "sk_test" });
});

afterAll(() => server.close());

beforeEach(() => {
  seen.length = 0;
  bodies.length = 0;
  before = [];
});

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );

test("an image is sent as its bytes, with key, type and an idempotency key", async () => {
  expect(await client.upload(new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" }))).toEqual(image);
  const [{ headers } = {}] = seen;
  expect(headers).toMatchObject({ authorization: "Bearer sk_test", "content-type": "image/png" });
  expect(headers?.["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers?.["content-length"]).toBe("3");
});

test("an edit is sent as JSON, or as a form if it includes a picture", async () => {
  const order = { prompt: "a woman wearing glasses", schedule: { steps: 4 }, metadata: { a: "b" } };
  await client.createEdit({ ...order, image: image.id }, { wait: 5, idempotencyKey: "order-1" });
  expect(seen[0]?.headers).toMatchObject({ prefer: "wait=5", "idempotency-key": "order-1" });
  expect(bodies[0]).toEqual({ ...order, image: image.id });

  await client.createEdit({ ...order, image: new Blob(["png"], { type: "image/png" }) });
  const [, form] = bodies as [unknown, Record<string, unknown>];
  expect(form).toMatchObject({ prompt: order.prompt, schedule: '{"steps":4}', metadata: '{"a":"b"}' });
  expect(await (form.image as File).text()).toBe("png");
});

test("a token is sent in the URL, in place of the key", async () => {
  await createClient({ url, token: "a.b/c" }).getEdit("edit_1");
  expect(seen[0]).toMatchObject({ path: "/v1/edits/edit_1", query: { token: "a.b/c" } });
  expect(seen[0]?.headers).not.toHaveProperty("authorization");
});

test("a limit is waited out, and the same request retried under the same key", async () => {
  before = [refuse(429, "rate_limited", { "retry-after": "1" }), refuse(503, "gpu_unavailable")];
  const began = performance.now();
  expect(await client.createEdit({ image: image.id, prompt: "a man with a beard" })).toMatchObject({
    id: "edit_new",
  });
  expect(performance.now() - began).toBeGreaterThan(950);
  expect(seen).toHaveLength(3);
  expect(new Set(seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  expect(bodies).toHaveLength(1);
});

test("a request is repeated after a broken connection, and awaited if it is still running", async () => {
  let broken = 1;
  const flaky: typeof fetch = (...request) =>
    broken-- > 0 ? Promise.reject(new TypeError("fetch failed")) : fetch(...request);
  before = [refuse(409, "conflict", { "retry-after": "0" })];
  const edit = await createClient({ url, key: "sk_test", fetch: flaky }).cancelEdit("edit_1");
  expect(edit.status).toBe("canceled");
  expect(seen).toHaveLength(2);
});

test("retries end: the API's last answer is thrown", async () => {
  before = Array(3).fill(refuse(503, "gpu_unavailable", { "retry-after": "0" }));
  const error = await failure(createClient({ url, retries: 2 }).getEdit("edit_1"));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 503, retryAfterSeconds: 0, problem: { code: "gpu_unavailable" } });
  expect(seen).toHaveLength(3);
});

test.each([
  [404, "not_found", {}],
  [409, "idempotency_mismatch", {}],
  [402, "insufficient_credits", {}],
  [429, "rate_limited", { "retry-after": "3600" }],
] as const)("%i %s is not tried again", async (status, code, headers) => {
  before = [refuse(status, code, headers)];
  const error = await failure(client.getEdit("edit_1"));
  expect(error).toMatchObject({ status, problem: { code }, message: `${code}: as the test wants it` });
  expect(seen).toHaveLength(1);
});

test("an intermediary's answer is not a problem document, and the error names the address", async () => {
  before = [(c) => c.text("<h1>blocked</h1>", 403)];
  const error = await failure(client.getEdit("edit_1"));
  expect(error).toMatchObject({ status: 403, problem: null, code: null });
  expect((error as Error).message).toBe(
    `${url} answered 403, but not as this API does; is it the right address?`,
  );
});

test("a page instead of an answer means another server", async () => {
  before = [(c) => c.html("<h1>It works!</h1>")];
  expect(await failure(client.getEdit("edit_1"))).toMatchObject({
    name: "ApiError",
    message: `${url} answered 200, but not as this API does; is it the right address?`,
  });
});

test("if nothing listens, the error says so in one line with the address", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const address = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
  const error = await failure(createClient({ url: address, retries: 0 }).getEdit("edit_1"));
  expect(error).toBeInstanceOf(ConnectionError);
  expect((error as Error).message).toBe(
    `nothing answers at ${address} (ECONNREFUSED); is the server running there?`,
  );
});

test.each(["", "localhost:8787", "ftp://a.test"])("%j is no address", (address) =>
  expect(() => createClient({ url: address })).toThrow(/^url: give the API's address, https:/),
);

test("every request states which version of the API it was written for", async () => {
  await client.getEdit("edit_1");
  expect(seen[0]?.headers["flux-version"]).toBe(API_VERSION);
});

/** A route's answer: the events of an edit with this end. */
const eventsThatEnd =
  (ending: EditStatus, change: Partial<Edit> = {}) =>
  (c: Context) => {
    const said: [string, unknown][] = [
      ["queued", { position: 1 }],
      ["progress", { phase: "edit", step: 3, steps: 30, eta_ms: 900 }],
      [ending, editWith({ id: "edit_new", status: ending, ...change })],
    ];
    const lines = said.map(
      ([event, data], id) => `id: ${id + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
    return c.body(lines.join(""), 200, { "content-type": "text/event-stream" });
  };

const pass = null;
const PICTURE = { url: "https://a.test/i", width: 64, height: 64, content_type: "image/png" };
const order = { image: image.id, prompt: "a man with a beard" };

test("edit waits for the picture and reports progress", async () => {
  before = [pass, eventsThatEnd("succeeded", { image: PICTURE })];
  const [steps, names]: [number[], string[]] = [[], []];
  const edit = await client.edit(order, {
    onProgress: ({ step }) => steps.push(step),
    onEvent: ({ event }) => names.push(event),
  });
  expect(edit.image.url).toBe(PICTURE.url);
  expect(steps).toEqual([3]);
  expect(names).toEqual(["accepted", "queued", "progress", "succeeded"]);
});

test("an edit that ends without a picture throws an EditError with its code", async () => {
  const error = { code: "moderated" as const, detail: "no" };
  before = [pass, eventsThatEnd("failed", { error })];
  const thrown = await failure(client.edit(order));
  expect(thrown).toBeInstanceOf(EditError);
  expect(thrown).toMatchObject({ code: "moderated", message: "moderated: no (edit_new)" });
  before = [pass, eventsThatEnd("canceled")];
  expect(await failure(client.edit(order))).toMatchObject({ code: null, edit: { status: "canceled" } });
});

test("after a stream breaks for good, the client polls", async () => {
  before = [pass, (c) => c.text("no streams here", 404)];
  const error = await failure(client.edit(order));
  // this test's server has an edit without a picture
  expect(error).toMatchObject({ name: "EditError", edit: { id: "edit_new", status: "succeeded" } });
});

test("what a hook throws is thrown, and the edit is not polled instead", async () => {
  before = [pass, eventsThatEnd("succeeded", { image: PICTURE })];
  const onProgress = () => {
    throw new RangeError("the bar is full");
  };
  expect(await failure(client.edit(order, { onProgress }))).toMatchObject({ message: "the bar is full" });
  expect(seen.map(({ path }) => path)).toEqual(["/v1/edits", "/v1/edits/edit_new/events"]);
});

test("aborting an edit cancels it", async () => {
  const silent = (c: Context) => c.body(new ReadableStream({}), 200, { "content-type": "text/event-stream" });
  before = [pass, silent];
  const thrown = await failure(client.edit(order, { signal: AbortSignal.timeout(150) }));
  expect(thrown).toMatchObject({ name: "TimeoutError" });
  expect(seen.at(-1)).toMatchObject({ method: "POST", path: "/v1/edits/edit_new/cancel" });
});

test("a stream starts with the edit as it was accepted", async () => {
  before = [pass, eventsThatEnd("canceled")];
  const names: string[] = [];
  for await (const { event } of client.stream(order)) names.push(event);
  expect(names).toEqual(["accepted", "queued", "progress", "canceled"]);
});

test("pictures can be sent as bytes", async () => {
  await client.createEdit({ ...order, image: new Uint8Array([1, 2, 3]), mask: "auto" });
  const [form] = bodies as [Record<string, unknown>];
  expect((form.image as File).size).toBe(3);
  expect(form.mask).toBe("auto");
});

test("an edit is polled until it is final, at the API's own pace", async () => {
  before = [
    (c) => c.json(editOf("edit_1", "queued"), 200, { "retry-after": "1" }),
    (c) => c.json(editOf("edit_1", "running")),
  ];
  const began = performance.now();
  expect(await client.waitForEdit("edit_1")).toMatchObject({ status: "succeeded" });
  expect(performance.now() - began).toBeGreaterThan(1_200);
  expect(seen).toHaveLength(3);
});

test("aborting ends the wait", async () => {
  before = Array(100).fill((c: Context) => c.json(editOf("edit_1", "running")));
  const reason = await failure(client.waitForEdit("edit_1", { signal: AbortSignal.timeout(400) }));
  expect(reason).toMatchObject({ name: "TimeoutError" });
  before = [refuse(429, "rate_limited", { "retry-after": "30" })];
  const waiting = failure(client.getEdit("edit_1", { signal: AbortSignal.timeout(100) }));
  expect(await waiting).toMatchObject({ name: "TimeoutError" });
});

test("a list continues over its pages, as far as it is read", async () => {
  const ids: string[] = [];
  for await (const { id } of client.listEdits({ status: "succeeded", limit: 2 })) ids.push(id);
  expect(ids).toEqual(["edit_0", "edit_1", "edit_2", "edit_3", "edit_4"]);
  expect(seen.map(({ query }) => query)).toEqual([
    { status: "succeeded", limit: "2" },
    { status: "succeeded", limit: "2", cursor: "2" },
    { status: "succeeded", limit: "2", cursor: "4" },
  ]);
  seen.length = 0;
  for await (const _ of client.listEdits()) break;
  expect(seen).toHaveLength(1);
});

test("a delete returns nothing; an id cannot leave its place in the URL", async () => {
  expect(await client.deleteEdit("edit_1")).toBeUndefined();
  await client.getEdit("../keys").catch(() => {});
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "DELETE /v1/edits/edit_1",
    "GET /v1/edits/..%2Fkeys",
  ]);
});

test("Retry-After is a number of seconds or a date", () => {
  const read = (text: string) => retryAfterOf(new Headers({ "Retry-After": text }));
  expect(read("12")).toBe(12);
  expect(read(new Date(Date.now() + 5_500).toUTCString())).toBeGreaterThan(3);
  expect(read("Mon, 01 Jan 2024 00:00:00 GMT")).toBe(0);
  expect(read("soon")).toBeNull();
  expect(retryAfterOf(new Headers())).toBeNull();
});
