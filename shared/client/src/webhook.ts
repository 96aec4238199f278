import { WebhookError } from "./errors.ts";
import type { WebhookEvent } from "./types.ts";

/** Headers as in `fetch`, or as in Node's servers. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookOptions {
  /** Maximum age in seconds (300): an older message may be a recorded one. */
  readonly toleranceSeconds?: number;
  /** Milliseconds. */
  readonly now?: number;
}

/**
 * Verifies that this API sent a webhook (Standard Webhooks specification: HMAC-SHA256 of id, time and body) and parses
 * it.
 * @param secret `whsec_…` of `GET /v1/account`
 * @param body the raw body, before any JSON parsing
 * @throws WebhookError if it is forged, altered or too old
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string | Uint8Array,
  { toleranceSeconds = 300, now = Date.now() }: WebhookOptions = {},
): Promise<WebhookEvent> {
  const [id, time, signatures] = ["id", "timestamp", "signature"].map((name) =>
    headerOf(headers, `webhook-${name}`),
  );
  if (!id || !time || !signatures) throw new WebhookError("the webhook's headers are missing");
  if (!(Math.abs(now / 1000 - Number(time)) <= toleranceSeconds))
    throw new WebhookError(`the webhook was sent more than ${toleranceSeconds} s ago`);
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const key = await crypto.subtle.importKey("raw", keyOf(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  const message = new TextEncoder().encode(`${id}.${time}.${text}`);
  for (const signature of signatures.split(" ")) {
    const [version, base64 = ""] = signature.split(",");
    const bytes = version === "v1" ? bytesOf(base64) : null;
    // the platform's own comparison, in constant time
    if (bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, message))) return JSON.parse(text);
  }
  throw new WebhookError("the webhook's signature is not valid");
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof entry === "string" ? entry : entry?.[0];
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ""));
  if (bytes === null) throw new WebhookError("the secret is not one of this API: whsec_…");
  return bytes;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
