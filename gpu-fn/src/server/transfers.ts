/** Reads and writes photos, masks and results through signed URLs, with limits, hashes and retries. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { EditTask, Written } from "../../../shared/gpu.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import type { ProblemCode } from "../../../shared/problem.ts";
import { CanceledError, InputError } from "../errors.ts";

export interface TransferLimits {
  /** Time limit of one try, in milliseconds. */
  readonly timeoutMs: number;
  /** Waits before the second try and later ones, in milliseconds. */
  readonly backoffMs: readonly number[];
}

const TRANSFER_LIMITS: TransferLimits = { timeoutMs: 20_000, backoffMs: [200, 600, 1_800] };

/** A picture could not be fetched or stored. The message names no URL: URLs are signed. */
export class TransferError extends Error {
  override readonly name = "TransferError";
  readonly code: Extract<ProblemCode, "not_found" | "gpu_unavailable">;
  /** Whether the same task may succeed later. */
  readonly retryable: boolean;

  constructor(code: TransferError["code"], message: string) {
    super(message);
    this.code = code;
    this.retryable = code === "gpu_unavailable";
  }
}

/** A fault worth another try: of the network or a server, or damaged bytes. */
class PassingFault extends Error {
  override readonly name = "PassingFault";
}

/** A picture encoded as a file. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
}

/**
 * Reads a picture of at most 15 MB and checks its hash.
 * @throws TransferError `not_found` if storage refuses it (erased, expired), `gpu_unavailable` if it does not
 *   arrive; InputError `image_too_large`; CanceledError
 */
export async function readPicture(
  { url, sha256 }: EditTask["photo"],
  what: string,
  signal: AbortSignal,
  limits = TRANSFER_LIMITS,
): Promise<Uint8Array> {
  return persist(`${what} could not be read`, signal, limits, async (abort) => {
    const response = await fetch(url, { redirect: "error", signal: abort });
    if (!response.ok) {
      await response.body?.cancel();
      if (passing(response.status)) throw new PassingFault();
      throw new TransferError("not_found", `${what} is not there any more`);
    }
    const bytes = await readLimited(response, what);
    if (hashOf(bytes) !== sha256) throw new PassingFault();
    return bytes;
  });
}

/**
 * Writes a picture.
 * @throws TransferError `gpu_unavailable` if storage does not accept it; CanceledError
 */
export async function writePicture(
  { key, url }: EditTask["put"]["result"],
  { bytes, width, height, contentType }: EncodedPicture,
  signal: AbortSignal,
  limits = TRANSFER_LIMITS,
): Promise<Written> {
  await persist("a picture could not be stored", signal, limits, async (abort) => {
    const body = new Uint8Array(bytes);
    const headers = { "Content-Type": contentType };
    const response = await fetch(url, { method: "PUT", redirect: "error", signal: abort, body, headers });
    await response.body?.cancel();
    if (passing(response.status)) throw new PassingFault();
    if (!response.ok) throw new TransferError("gpu_unavailable", "storage refused a picture");
  });
  return { key, bytes: bytes.length, sha256: hashOf(bytes), width, height, content_type: contentType };
}

/** Retries until it works, the fault is final, or the waits are used up. */
async function persist<T>(
  failure: string,
  signal: AbortSignal,
  { timeoutMs, backoffMs }: TransferLimits,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (const wait of [...backoffMs, null]) {
    try {
      return await attempt(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    } catch (error) {
      if (signal.aborted) throw new CanceledError();
      if (error instanceof TransferError || error instanceof InputError) throw error;
      if (wait === null) break;
      await delay(wait, undefined, { signal }).catch(() => {
        throw new CanceledError();
      });
    }
  }
  throw new TransferError("gpu_unavailable", failure);
}

async function readLimited(response: Response, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > IMAGE_LIMITS.bytes)
      throw new InputError("image_too_large", `${what} is larger than ${IMAGE_LIMITS.bytes / 1e6} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const passing = (status: number) => status >= 500 || status === 408 || status === 429;

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
