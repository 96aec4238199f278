/** Access to the Hugging Face hub: a file's size and digest, and its bytes from a position on. */
import { fileDownloadInfo, HubApiError, pathsInfo } from "@huggingface/hub";
import { WeightsError } from "../errors.ts";
import type { HubFile } from "./sources.ts";

export interface HubAccess {
  /** Default: the hub's own. */
  readonly hubUrl?: string;
  readonly accessToken?: string;
  /** A transfer that yields nothing for this long counts as broken, in milliseconds. */
  readonly stallMs?: number;
}

/** What the hub reports about a file; `digest` is a large file's SHA-256, else Git's SHA-1 of its blob. */
export interface RemoteFile {
  readonly size: number;
  readonly digest: Digest;
}

export interface Digest {
  readonly kind: "sha256" | "git-blob";
  readonly hex: string;
}

/** @throws WeightsError, one line, if the hub refuses or does not know the file */
export async function remoteFile(file: HubFile, access: HubAccess): Promise<RemoteFile> {
  const { repo, revision, path } = file;
  const [info] = await asked(file, access, () =>
    pathsInfo({ repo, revision, paths: [path], ...credentials(access) }),
  ).catch((cause: Error) => {
    throw cause instanceof TransferError ? new WeightsError(`the hub: ${cause.message}`, { cause }) : cause;
  });
  if (info === undefined) throw new WeightsError(`${repo} has no file ${path}`);
  if (info.lfs) return { size: info.lfs.size, digest: { kind: "sha256", hex: info.lfs.oid } };
  if (info.oid === undefined) throw new WeightsError(`${repo}: the hub gives no checksum of ${path}`);
  return { size: info.size, digest: { kind: "git-blob", hex: info.oid } };
}

/** The connection broke, or the answer was not what was asked for; worth another try. */
export class TransferError extends Error {
  override readonly name = "TransferError";
}

/**
 * The bytes [start, end) of a file.
 * @throws WeightsError if the hub refuses, TransferError if the transfer fails
 */
export async function* readRange(
  file: HubFile,
  [start, end]: readonly [start: number, end: number],
  access: HubAccess,
): AsyncGenerator<Uint8Array> {
  if (start >= end) return;
  const { repo, revision, path } = file;
  const info = await asked(file, access, () =>
    fileDownloadInfo({ repo, revision, path, ...credentials(access) }),
  );
  if (info === null) throw new WeightsError(`${repo} has no file ${path}`);
  const stalled = new AbortController();
  const { accessToken, stallMs = 60_000 } = access;
  const clock = setTimeout(() => stalled.abort(), stallMs);
  let at = start;
  try {
    const response = await fetch(info.url, {
      signal: stalled.signal,
      headers: {
        Range: `bytes=${start}-${end - 1}`,
        ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
      },
    });
    if (response.status !== 206) throw new TransferError(`status ${response.status} in place of a range`);
    for await (const chunk of response.body ?? []) {
      clock.refresh();
      at += chunk.length;
      if (at > end) throw new TransferError("more bytes than were asked for");
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof TransferError ? cause : new TransferError((cause as Error).message, { cause });
  } finally {
    clearTimeout(clock);
    stalled.abort();
  }
  if (at < end) throw new TransferError(`it ended ${end - at} bytes early`);
}

function credentials({ hubUrl, accessToken }: HubAccess) {
  return {
    ...(hubUrl === undefined ? {} : { hubUrl }),
    ...(accessToken === undefined ? {} : { accessToken }),
  };
}

const HUB_URL = "https://huggingface.co";

async function asked<T>({ repo, path }: HubFile, access: HubAccess, ask: () => Promise<T>): Promise<T> {
  const { hubUrl = HUB_URL, accessToken } = access;
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof HubApiError)) throw new TransferError((cause as Error).message, { cause });
    const { statusCode } = cause;
    const refuse = (reason: string) => new WeightsError(reason, { cause });
    if (statusCode === 401 && accessToken === undefined)
      throw refuse(`${repo} needs a token of the hub: set HF_TOKEN, or give --token`);
    if (statusCode === 401) throw refuse("the hub does not accept this token (HF_TOKEN or --token)");
    if (statusCode === 403)
      throw refuse(`this token's account has no access to ${repo}: agree to its terms at ${hubUrl}/${repo}`);
    if (statusCode === 404) throw refuse(`the hub has no ${repo}, or no ${path} in it`);
    throw new TransferError(`the hub answers ${statusCode}`, { cause });
  }
}
