/** Downloads one file from the hub: resumes where it stopped, and leaves either the exact file or none. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WeightsError } from "../errors.ts";
import { type Digest, type HubAccess, type RemoteFile, readRange, TransferError } from "./hub.ts";
import type { HubFile } from "./sources.ts";
import { partBytes, partOf } from "./unfinished.ts";

export interface DownloadOptions extends HubAccess {
  /** Called with the size of each chunk in bytes. */
  readonly onBytes?: (bytes: number) => void;
  /** Attempts in a row that may yield nothing. Default 5. */
  readonly attempts?: number;
  /** Pause before the second attempt, in milliseconds; it doubles. Default 1000. */
  readonly pauseMs?: number;
}

/**
 * Downloads to `path.part`, then renames it to `path`. An earlier run's partial file is continued.
 * @throws WeightsError if the hub refuses, the bytes do not match its digest, or the disk is full
 */
export async function download(
  file: HubFile,
  path: string,
  remote: RemoteFile,
  options: DownloadOptions = {},
): Promise<void> {
  const { attempts = 5, pauseMs = 1000 } = options;
  await mkdir(dirname(path), { recursive: true });
  for (let failures = 0; ; ) {
    const before = await partBytes(path);
    try {
      await transfer(file, path, remote, options, before);
      return;
    } catch (error) {
      if (!(error instanceof TransferError)) throw described(error, path);
      failures = (await partBytes(path)) > before ? 1 : failures + 1;
      if (failures >= attempts)
        throw new WeightsError(`${file.path}: the transfer failed ${failures} times: ${error.message}`, {
          cause: error,
        });
      await pause(pauseMs * 2 ** (failures - 1));
    }
  }
}

async function transfer(
  file: HubFile,
  path: string,
  { size, digest }: RemoteFile,
  options: DownloadOptions,
  there: number,
): Promise<void> {
  const part = partOf(path);
  if (there > size) return startOver(part, `${file.path}: more bytes were there than it has`);
  const hash = hashOf(digest, size);
  for await (const chunk of there > 0 ? createReadStream(part) : []) hash.update(chunk);
  const handle = await open(part, "a");
  try {
    for await (const chunk of readRange(file, [there, size], options)) {
      await handle.writeFile(chunk);
      hash.update(chunk);
      options.onBytes?.(chunk.length);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (hash.digest("hex") !== digest.hex)
    return startOver(part, `${file.path}: the bytes are not those the hub has (${digest.kind})`);
  await rename(part, path);
}

/** A wrong partial file is useless, so it is removed and the next run starts from nothing. */
async function startOver(part: string, reason: string): Promise<never> {
  await rm(part);
  throw new WeightsError(`${reason}; it was removed, run the command again`);
}

/** The hash of a file; Git hashes a blob with its length in front. */
export function hashOf({ kind }: Digest, size: number): Hash {
  return kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

function described(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new WeightsError(`${path}: the disk is full; what is there is kept, run the command again`, {
      cause: error,
    });
  return error;
}
