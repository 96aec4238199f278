import { open } from "node:fs/promises";

/** Number of concurrent reads, and their size in bytes: disks reach their full rate only with several reads. */
const READS = 8;
const CHUNK = 8 * 2 ** 20;

/**
 * Reads files from start to end, several chunks at once, to fill the page cache. The runtime maps weights into memory and
 * touches one page after another, which is slow on a network volume. Keeps nothing.
 * @returns number of bytes read
 * @throws Error if a file cannot be read
 */
export async function readAhead(files: readonly string[], signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (const file of files) if (!signal?.aborted) total += await readThrough(file, signal);
  return total;
}

async function readThrough(file: string, signal?: AbortSignal): Promise<number> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    let [next, total] = [0, 0];
    const reader = async () => {
      const buffer = new Uint8Array(Math.min(CHUNK, size));
      while (next < size && !signal?.aborted) {
        const position = next;
        next += CHUNK;
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        total += bytesRead;
      }
    };
    await Promise.all(Array.from({ length: READS }, reader));
    return total;
  } finally {
    await handle.close();
  }
}
