import { expect, vi } from "vitest";
import type { Signed, TokenAction } from "../../shared/sign.ts";
import { answer, call } from "./client.ts";

interface TokenRequest {
  readonly action: TokenAction;
  readonly expires_in?: number;
  readonly max_uses?: number;
  readonly constraints?: Readonly<Record<string, unknown>>;
}

/** A token from `POST /v1/sign`, for an hour by default. */
export async function signed(key: string, request: TokenRequest): Promise<Signed> {
  return answer<Signed>(call("/v1/sign", { key, body: { expires_in: 3_600, ...request } }), 200);
}

/** A path with the token instead of a key. */
export const withToken = (path: string, { token }: Signed) => `${path}?token=${token}`;

/** Waits for the rate counter: while it is away or slow it lets everything pass, and a test would see no limit. */
export async function counterIsThere(key: string): Promise<void> {
  const counted = async () =>
    expect((await call("/v1/account", { key })).headers.get("RateLimit")).not.toBeNull();
  await vi.waitFor(counted, { timeout: 15_000, interval: 500 });
}
