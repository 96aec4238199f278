/** A part of a file, in bytes. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/**
 * The part that a `Range` header asks for (RFC 9110, 14.1.2); null if it asks for none, for several, or for one that
 * does not exist: a server may answer those with the whole file.
 * @param size of the file, in bytes
 */
export function rangeOf(header: string | undefined, size: number): Range | null {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const offset = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  return offset <= end ? { offset, length: end - offset + 1 } : null;
}
