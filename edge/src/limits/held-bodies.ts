import { Refusal } from "../problem.ts";

/**
 * Maximum number of bytes of bodies with pictures that an isolate holds at a time. It has 128 MB for everything, and if
 * it needs more it is ended with all of its requests. A file (15 MB at most) is copied once, when all of it is there:
 * 45 + 15 MB, beside a heap of 20 MB.
 */
export const HELD_BYTES_MAX = 45_000_000;

/** Bytes of the bodies that this isolate holds now. */
let held = 0;

/**
 * Reads a body and works with it, counted among those that this isolate holds until the work has ended.
 * @param bytes the body's announced length
 * @throws Refusal `unavailable` if the isolate has no room for it now
 */
export async function holding<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  if (held + bytes > HELD_BYTES_MAX)
    throw new Refusal("unavailable", "too many large pictures are arriving at once; try again in a second", {
      headers: { "Retry-After": "1" },
    });
  held += bytes;
  try {
    return await work();
  } finally {
    held -= bytes;
  }
}
