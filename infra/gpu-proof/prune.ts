/**
 * Keeps CUDA code for one kind of GPU. A library holds the same kernels for many kinds, in fat binaries: a header, then an
 * entry for each kind, each followed by its payload. Payloads for other kinds become zeros, which compress to almost
 * nothing; sizes and offsets stay, and the driver chooses by the entries' headers.
 */

/** Offsets in a header: magic, version, its own size, size of all entries. */
const HEADER = { magic: 0xba55ed50, version: 1, bytes: 16 };

/** Offsets in an entry, and the kind for machine code; the other kind is text for a compiler. */
const ENTRY = { kind: 0, header: 4, payload: 8, architecture: 28, least: 32 };
const MACHINE_CODE = 2;

export interface Pruned {
  /** Number of fat binaries, and bytes of their payloads that were kept and zeroed. */
  readonly binaries: number;
  readonly kept: number;
  readonly erased: number;
}

/**
 * Prunes a library in place.
 * @param architecture 90 for an H100 or H200
 */
export function prune(library: Buffer, architecture: number): Pruned {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(HEADER.magic);
  let [binaries, kept, erased] = [0, 0, 0];
  for (let at = library.indexOf(magic); at >= 0; at = library.indexOf(magic, at)) {
    const end = endOf(library, at);
    if (end === undefined) {
      at += magic.length;
      continue;
    }
    binaries++;
    for (let entry = at + HEADER.bytes; entry + ENTRY.least <= end; ) {
      const from = entry + library.readUInt32LE(entry + ENTRY.header);
      const to = from + Number(library.readBigUInt64LE(entry + ENTRY.payload));
      const runs =
        library.readUInt16LE(entry + ENTRY.kind) === MACHINE_CODE &&
        library.readUInt32LE(entry + ENTRY.architecture) === architecture;
      if (runs) kept += to - from;
      else {
        library.fill(0, from, to);
        erased += to - from;
      }
      entry = to;
    }
    at = end;
  }
  return { binaries, kept, erased };
}

/** Where the entries of a fat binary end; undefined if these bytes are not one. */
function endOf(library: Buffer, at: number): number | undefined {
  if (at + HEADER.bytes > library.length) return undefined;
  const size = Number(library.readBigUInt64LE(at + 8));
  const sound =
    library.readUInt16LE(at + 4) === HEADER.version &&
    library.readUInt16LE(at + 6) === HEADER.bytes &&
    size <= library.length - at - HEADER.bytes;
  return sound ? at + HEADER.bytes + size : undefined;
}
