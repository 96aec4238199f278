import type { Context } from "hono";
import { routePath } from "hono/route";
import { z } from "zod";
import { sha256 } from "../../../shared/signing.ts";
import type { KnownRequest } from "../account/contract/idempotency.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import type { AppEnv, Asker } from "../context.ts";
import { Refusal } from "../problem.ts";

/** Headers of every POST. */
export const idempotencyHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, "1 to 255 printable ASCII characters")
    .optional()
    .meta({
      description: "The same key and body within 24 hours give the first answer again.",
      example: "2f6c9d3e-order-1044",
    }),
});

/** The source of an answer: the status, and a description from which the route renders it with fresh URLs. */
export interface Answer<T> {
  readonly status: number;
  readonly value: T;
}

export interface Attempt<T> extends Answer<T> {
  /** The account's object has already completed the record, in the transaction of the effect itself. */
  readonly recorded?: boolean;
  /** The image that the answer refers to: once it is erased, the request counts as new. */
  readonly subject?: string;
}

/** An effect that claims its key itself found the key known. */
export interface KnownBefore {
  readonly known: KnownRequest;
}

/** A key and the hash of its request. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly fingerprint: string;
}

/**
 * Runs the effect of a POST once per `Idempotency-Key`. The fingerprint covers method, route and the parsed body, so
 * that spelling (key order, multipart boundary, whitespace) makes no difference. A refusal leaves no record: nothing
 * happened, and the next try may succeed.
 * @param body the parsed body, with hashes in place of files
 * @param effect gets the claim it runs under, null if the request has no key
 * @param claims the effect claims the key itself, in its own transaction, which saves a round trip
 * @throws Refusal `conflict` while the first request runs, `idempotency_mismatch` for another body
 */
export async function once<T>(
  c: Context<AppEnv>,
  account: AccountRpc,
  body: unknown,
  effect: (claim: IdempotencyClaim | null) => Promise<Attempt<T> | KnownBefore>,
  { claims = false }: { readonly claims?: boolean } = {},
): Promise<Answer<T>> {
  const claim = await claimOf(c, body);
  if (claim !== null && !claims) {
    const state = await account.beginIdempotent(claim);
    if (state.state !== "new") return answerAgain(c, state);
  }
  try {
    const attempt = await effect(claim);
    if ("known" in attempt) return answerAgain(c, attempt.known);
    const { status, value, recorded, subject } = attempt;
    if (claim !== null && !recorded)
      await account.completeIdempotent({ key: claim.key, status, value, ...(subject && { subject }) });
    return { status, value };
  } catch (error) {
    if (claim !== null && !claims) await account.releaseIdempotent(claim.key);
    throw error;
  }
}

async function claimOf(c: Context<AppEnv>, body: unknown): Promise<IdempotencyClaim | null> {
  const given = c.req.header("Idempotency-Key");
  if (given === undefined) return null;
  const key = `${namespaceOf(c.get("asker"))}:${given}`;
  const fingerprint = await sha256(`${c.req.method}\n${routePath(c)}\n${JSON.stringify(sorted(body))}`);
  return { key, fingerprint };
}

/** The operator, an account's keys and each token have separate namespaces of keys. */
function namespaceOf(asker: Asker | undefined): string {
  if (asker === undefined) return "operator";
  return asker.permit === undefined ? "key" : `token:${asker.permit.claims.jti}`;
}

/** The first answer again. @throws Refusal if there is none yet, or it was for another request */
function answerAgain<T>(c: Context<AppEnv>, known: KnownRequest): Answer<T> {
  if (known.state === "mismatch") throw otherRequest();
  if (known.state === "running")
    throw new Refusal("conflict", "a request with this Idempotency-Key is still running", {
      headers: { "Retry-After": String(known.retryAfterSeconds) },
    });
  c.header("Idempotent-Replayed", "true");
  return { status: known.status, value: known.value as T };
}

export const otherRequest = () =>
  new Refusal("idempotency_mismatch", "this Idempotency-Key came with another request before");

/** The same value with object keys in sorted order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
