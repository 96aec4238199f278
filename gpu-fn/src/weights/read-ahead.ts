import { open } from "node:fs/promises";

/** Reads under way at once, and their size in bytes: volumes and disks give their full rate only to several. */
const READS = 8;
const CHUNK = 8 * 2 ** 20;

/**
 * Reads files from begin to end, several chunks at once, so that they lie in the page cache: the runtime maps weights
 * and touches them one page after another, which a volume in the network answers slowly. Keeps nothing.
 * @returns bytes read
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
