/** A file that is being written has another name until it is complete. */
import { stat } from "node:fs/promises";

/** The path of an unfinished file. */
export const partOf = (path: string): string => `${path}.part`;

/** Size of an unfinished file in bytes. */
export async function partBytes(path: string): Promise<number> {
  const status = await stat(partOf(path)).catch(() => null);
  return status?.size ?? 0;
}
