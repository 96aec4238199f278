/**
 * CUDA code of one kind of GPU alone. A library holds the same kernels for many kinds, in fat binaries: a header, then an
 * entry for each kind, its payload behind it. Payloads of other kinds become zeros, which pack to nothing; sizes and
 * places stay, and the driver chooses by the entries' headers.
 */

/** Of a header: magic, version, its own size, size of all entries. */
const HEADER = { magic: 0xba55ed50, version: 1, bytes: 16 };

/** Fields of an entry, and the kind that is machine code; the other one is text for a compiler. */
const ENTRY = { kind: 0, header: 4, payload: 8, architecture: 28, least: 32 };
const MACHINE_CODE = 2;

export interface Pruned {
  /** Fat binaries found, and bytes of their payloads that stay and that are zeros now. */
  readonly binaries: number;
  readonly kept: number;
  readonly erased: number;
}

/**
 * Prunes a library in place.
 * @param architecture 90 is an H100's and an H200's
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

/** Where the entries of a fat binary end; undefined where these bytes are none. */
function endOf(library: Buffer, at: number): number | undefined {
  if (at + HEADER.bytes > library.length) return undefined;
  const size = Number(library.readBigUInt64LE(at + 8));
  const sound =
    library.readUInt16LE(at + 4) === HEADER.version &&
    library.readUInt16LE(at + 6) === HEADER.bytes &&
    size <= library.length - at - HEADER.bytes;
  return sound ? at + HEADER.bytes + size : undefined;
}
