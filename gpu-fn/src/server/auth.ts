import { createHash, timingSafeEqual } from "node:crypto";
import type { Settings } from "./settings.ts";

type Credentials = Pick<Settings, "GPU_SECRET" | "MODAL_KEY" | "MODAL_SECRET">;

/**
 * Who may send tasks: `Authorization: Bearer` with the shared secret (RFC 6750), or Modal's proxy headers.
 * If no credential is configured, everyone may; the settings allow that only on the loopback interface.
 */
export function authorizer({ GPU_SECRET, MODAL_KEY, MODAL_SECRET }: Credentials) {
  return (headers: Headers): boolean => {
    if (GPU_SECRET === undefined && MODAL_KEY === undefined) return true;
    const bearer = /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
    const shared = GPU_SECRET !== undefined && same(bearer ?? "", GPU_SECRET);
    const key = MODAL_KEY !== undefined && same(headers.get("Modal-Key") ?? "", MODAL_KEY);
    const secret = MODAL_SECRET !== undefined && same(headers.get("Modal-Secret") ?? "", MODAL_SECRET);
    return shared || (key && secret);
  };
}

/** Compares hashes, so that the time taken reveals neither content nor length. */
function same(given: string, expected: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
