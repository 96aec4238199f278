import { signFileUrl } from "../../../shared/signing.ts";
import type { Settings } from "../env.ts";

/** Lifetime of a signed URL in an answer, in seconds. */
const URL_SECONDS = 3_600;

/** Who will use a URL: a client, or the GPU function, which may reach the worker at another address. */
type Reader = "client" | "gpu";

const originFor = (reader: Reader, { PUBLIC_URL, INSIDE_URL }: Settings) =>
  reader === "gpu" ? (INSIDE_URL ?? PUBLIC_URL) : PUBLIC_URL;

/**
 * A signed GET URL of an object: valid for an hour, but never past its retention.
 * @param expiresAt when the object is erased, Unix milliseconds
 */
export function readUrl(
  settings: Settings,
  key: string,
  expiresAt: number,
  reader: Reader = "client",
): Promise<string> {
  const expires = Math.min(Math.floor(Date.now() / 1000) + URL_SECONDS, Math.floor(expiresAt / 1000));
  return signFileUrl(settings.signingSecrets, originFor(reader, settings), { method: "GET", key, expires });
}

/** A signed PUT URL of an object for the GPU function, for bodies up to `maxBytes`. */
export function writeUrl(
  settings: Settings,
  key: string,
  seconds: number,
  maxBytes: number,
): Promise<string> {
  const expires = Math.floor(Date.now() / 1000) + seconds;
  return signFileUrl(settings.signingSecrets, originFor("gpu", settings), {
    method: "PUT",
    key,
    expires,
    maxBytes,
  });
}
