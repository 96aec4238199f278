import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { type Problem, problemSchema } from "../../shared/problem.ts";
import type { Scope } from "../../shared/scopes.ts";
import type { Env } from "../src/env.ts";
import { png } from "./pictures.ts";

/** A test's view of the worker: its HTTP side, as clients see it, and the bindings behind it. */
export const bindings = env as unknown as Env;

const worker = (exports as unknown as { default: { fetch(request: Request): Promise<Response> } }).default;

export interface Call {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes are sent unchanged, a form as multipart, a stream in chunks, anything else as JSON. */
  readonly body?: unknown;
}

/** One request. Its body carries a Content-Length, as a real client's does. */
export async function call(path: string, { method, key, headers = {}, body }: Call = {}): Promise<Response> {
  const url = new URL(path, "https://edge.test");
  const sent = new Headers();
  if (key !== undefined) sent.set("Authorization", `Bearer ${key}`);
  let bytes: Uint8Array<ArrayBuffer> | ReadableStream | undefined;
  if (body instanceof ReadableStream) bytes = body;
  else if (body !== undefined) {
    const raw = typeof body === "string" || body instanceof Uint8Array || body instanceof FormData;
    const encoded = new Response(raw ? (body as BodyInit) : JSON.stringify(body));
    sent.set("Content-Type", raw ? (encoded.headers.get("Content-Type") ?? "") : "application/json");
    bytes = new Uint8Array(await encoded.arrayBuffer());
    sent.set("Content-Length", String(bytes.byteLength));
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value === "") sent.delete(name);
    else sent.set(name, value);
  }
  return worker.fetch(
    new Request(url, { method: method ?? (bytes ? "POST" : "GET"), headers: sent, body: bytes }),
  );
}

/** Bytes as a body of unknown length. */
export const chunked = (bytes: Uint8Array | string) =>
  new Blob([bytes]).stream().pipeThrough(new TransformStream());

/** The JSON of an answer; asserts its status. */
export async function answer<T>(response: Response | Promise<Response>, status: number): Promise<T> {
  const settled = await response;
  const text = await settled.text();
  expect(settled.status, text).toBe(status);
  return JSON.parse(text) as T;
}

/** The problem document of a refusal; asserts its status and code. */
export async function refusal(
  response: Response | Promise<Response>,
  status: number,
  code: Problem["code"],
): Promise<Problem> {
  const settled = await response;
  const text = await settled.text();
  expect(settled.headers.get("Content-Type"), text).toBe("application/problem+json");
  const body = problemSchema.parse(JSON.parse(text));
  expect({ status: settled.status, code: body.code }, body.detail).toEqual({ status, code });
  expect(settled.headers.get("X-Request-Id")).toBe(body.request_id);
  return body;
}

export interface Customer {
  readonly account: string;
  readonly key: string;
  readonly keyId: string;
}

interface CustomerOptions {
  readonly credits?: number;
  readonly scopes?: readonly Scope[];
  readonly limits?: { readonly requests?: number; readonly edits?: number };
}

/** An account with a key and credits, created through the admin routes. */
export async function customer({ credits = 100, ...key }: CustomerOptions = {}): Promise<Customer> {
  const admin = bindings.ADMIN_KEY ?? "";
  const { id } = await answer<{ id: string }>(
    call("/v1/accounts", { key: admin, body: { name: "Test" } }),
    201,
  );
  if (credits > 0)
    await answer(call(`/v1/accounts/${id}/credits`, { key: admin, body: { amount: credits } }), 201);
  const made = await answer<{ id: string; key: string }>(
    call("/v1/keys", { key: admin, body: { account: id, name: "test", ...key } }),
    201,
  );
  return { account: id, key: made.key, keyId: made.id };
}

/** Uploads a photo and returns its id. */
export async function uploaded(key: string, bytes = png(64, 80), type = "image/png"): Promise<string> {
  const image = await answer<{ id: string }>(
    call("/v1/images", { key, body: bytes, headers: { "Content-Type": type } }),
    201,
  );
  return image.id;
}
