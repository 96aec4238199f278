import { crc32 } from "node:zlib";
/** The bytes as one stream of pieces of the given size. */
export function inPieces(bytes, size) {
    let at = 0;
    return new ReadableStream({
        pull(stream) {
            if (at >= bytes.length)
                return stream.close();
            stream.enqueue(bytes.slice(at, at + size));
            at += size;
        },
    });
}
/** Sizes of pieces to try: all at once, small ones, and one that the bytes themselves choose. */
export function pieceSizes(bytes) {
    const chosen = 1 + (crc32(bytes) % Math.max(1, bytes.length));
    return [bytes.length || 1, chosen, ...(bytes.length <= 4096 ? [1, 7] : [997])];
}
