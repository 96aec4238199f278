// Changes of bytes that know nothing of a format: what a broken disk, a bad network or a fuzzing attacker does.
import fc from "fast-check";
const join = (...parts) => new Uint8Array(Buffer.concat(parts));
/** Values at the edges of what lengths, counts and offsets may be. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
/** A place as a share of the length; near the front in half of the cases, where headers are. */
const place = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.05, noNaN: true }));
const at = (bytes, share) => Math.min(bytes.length, Math.floor(share * bytes.length));
function written(bytes, offset, value, width, little) {
    if (offset + width > bytes.length)
        return bytes;
    const changed = bytes.slice();
    const view = new DataView(changed.buffer);
    if (width === 1)
        view.setUint8(offset, value & 0xff);
    else if (width === 2)
        view.setUint16(offset, value & 0xffff, little);
    else
        view.setUint32(offset, value, little);
    return changed;
}
const overwrite = fc
    .tuple(place, fc.oneof(fc.constantFrom(...EDGES), fc.nat()), fc.constantFrom(1, 2, 4), fc.boolean())
    .map(([share, value, width, little]) => (bytes) => written(bytes, at(bytes, share), value, width, little));
const flip = fc.tuple(place, fc.nat(7)).map(([share, bit]) => (bytes) => {
    const offset = at(bytes, share);
    return written(bytes, offset, (bytes[offset] ?? 0) ^ (1 << bit), 1, false);
});
const cut = place.map((share) => (bytes) => bytes.subarray(0, at(bytes, share)));
const remove = fc.tuple(place, fc.nat(64)).map(([share, count]) => (bytes) => join(bytes.subarray(0, at(bytes, share)), bytes.subarray(at(bytes, share) + count)));
const insert = fc.tuple(place, fc.uint8Array({ maxLength: 64 })).map(([share, more]) => (bytes) => join(bytes.subarray(0, at(bytes, share)), more, bytes.subarray(at(bytes, share))));
/** A piece again and again. */
const repeat = fc.tuple(place, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 })).map(([share, length, times]) => (bytes) => {
    const start = at(bytes, share);
    const piece = bytes.subarray(start, start + length);
    return join(bytes.subarray(0, start), ...new Array(times).fill(piece), bytes.subarray(start));
});
const move = fc.tuple(place, place, fc.nat(64)).map(([from, to, length]) => (bytes) => {
    const start = at(bytes, from);
    const piece = bytes.slice(start, start + length);
    const changed = bytes.slice();
    changed.set(piece.subarray(0, Math.max(0, bytes.length - at(bytes, to))), at(bytes, to));
    return changed;
});
const oneChange = fc.oneof({ arbitrary: overwrite, weight: 5 }, { arbitrary: flip, weight: 4 }, { arbitrary: cut, weight: 1 }, { arbitrary: remove, weight: 1 }, { arbitrary: insert, weight: 2 }, { arbitrary: repeat, weight: 1 }, { arbitrary: move, weight: 1 });
/** None to six changes, one after another. */
export const changes = fc.array(oneChange, { maxLength: 6 }).map((list) => (bytes) => list.reduce((changed, change) => change(changed), bytes));
/** The head of one file and the tail of another, or one after the other: a polyglot. */
export const polyglot = (files) => fc
    .tuple(files, files, place, place, fc.boolean())
    .map(([head, tail, end, start, whole]) => whole ? join(head, tail) : join(head.subarray(0, at(head, end)), tail.subarray(at(tail, start))));
