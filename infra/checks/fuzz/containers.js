// Changes that know the four formats: sound containers around hostile contents, so that the checks behind the
// container are reached (PNG third edition 5.3; ITU T.81 B.1; RFC 9649 2.3; ISO 14496-12 4.2).
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { ascii, jpeg, png, pngChunk, pngHeader, u16, u32, webp, webpChunk, } from "../../../edge/test/pictures.ts";
const text = (bytes, from, to) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1", from, to);
function formatOf(bytes) {
    if (text(bytes, 1, 4) === "PNG")
        return "png";
    if (bytes[0] === 0xff && bytes[1] === 0xd8)
        return "jpeg";
    if (text(bytes, 8, 12) === "WEBP")
        return "webp";
    return text(bytes, 4, 12) === "ftypavif" ? "avif" : "other";
}
/** Puts right the checksum of every chunk of a PNG: what was changed inside is read then. */
export const soundChecksums = (bytes) => {
    if (formatOf(bytes) !== "png")
        return bytes;
    const sound = bytes.slice();
    const view = new DataView(sound.buffer);
    for (let at = 8; at + 12 <= sound.length;) {
        const end = at + 8 + view.getUint32(at);
        if (end + 4 > sound.length)
            break;
        view.setUint32(end, crc32(sound.subarray(at + 4, end)));
        at = end + 4;
    }
    return sound;
};
/** A TIFF block of any directory, sometimes with JPEG's `Exif` in front: offsets, counts and types at their edges. */
const exifBlock = fc
    .record({
    prefix: fc.boolean(),
    order: fc.constantFrom("MM", "II", "XX"),
    directory: fc.constantFrom(0, 8, 9, 14, 0xffffffff),
    entries: fc.constantFrom(0, 1, 2, 0xffff),
    tags: fc.array(fc.record({
        tag: fc.constantFrom(0x0112, 0x8769, 0x0100),
        type: fc.constantFrom(3, 4, 0),
        count: fc.constantFrom(0, 1, 0xffffffff),
        value: fc.constantFrom(0, 1, 6, 8, 9, 0xffff),
    }), { maxLength: 5 }),
})
    .map(({ prefix, order, directory, entries, tags }) => [
    ...(prefix ? [...ascii("Exif"), 0, 0] : []),
    ...ascii(order),
    ...u16(42),
    ...u32(directory),
    ...u16(entries),
    ...tags.flatMap(({ tag, type, count, value }) => [
        ...u16(tag),
        ...u16(type),
        ...u32(count),
        ...u16(value),
        0,
        0,
    ]),
]);
/** An ICC profile's header (ICC.1, 7.2) with any size, spaces and tag table. */
const profileBlock = fc
    .tuple(fc.constantFrom(0, 128, 132, 1000, 0xffffffff), fc.constantFrom("RGB ", "CMYK", "GRAY", "XXXX"), fc.constantFrom(0, 1, 0xffffffff), fc.uint8Array({ maxLength: 100 }))
    .map(([size, space, tags, rest]) => [
    ...u32(size),
    ...ascii("lcms"),
    ...u32(0x04300000),
    ...ascii(`mntr${space}XYZ `),
    ...new Array(12).fill(0),
    ...ascii("acsp"),
    ...new Array(88).fill(0),
    ...u32(tags),
    ...rest,
]);
const anyBlock = fc.oneof(exifBlock, profileBlock, fc.uint8Array({ maxLength: 200 }).map((bytes) => [...bytes]));
const NAMES = {
    png: ["eXIf", "iCCP", "acTL", "fcTL", "tRNS", "PLTE", "zTXt", "iTXt", "gAMA", "cICP", "IHDR", "IDAT"],
    webp: ["EXIF", "ICCP", "ANIM", "ANMF", "ALPH", "XMP ", "VP8X", "VP8L", "VP8 "],
};
const MARKERS = [0xe1, 0xe2, 0xed, 0xee, 0xfe, 0xc0, 0xc2, 0xc4, 0xcc, 0xdb, 0xdd];
/** A block of a format's own kind, in the place where readers look for it. */
const block = fc.tuple(anyBlock, fc.nat()).map(([data, which]) => (bytes) => {
    const pick = (list) => list[which % list.length];
    const put = (at, more) => new Uint8Array(Buffer.concat([bytes.subarray(0, at), Uint8Array.from(more), bytes.subarray(at)]));
    const format = formatOf(bytes);
    if (format === "png")
        return put(33, pngChunk(pick(NAMES.png), data));
    if (format === "jpeg")
        return put(2, [0xff, pick(MARKERS), ...u16(data.length + 2), ...data]);
    if (format === "webp")
        return put(text(bytes, 12, 16) === "VP8X" ? 30 : 12, webpChunk(pick(NAMES.webp), data));
    return bytes;
});
const SIDES = [0, 1, 63, 64, 5000, 16383, 16384, 65535, 0x7fffffff, 0xffffffff];
/** Says that the picture is of another size; its pixels stay. */
const declared = fc.tuple(fc.constantFrom(...SIDES), fc.constantFrom(...SIDES)).map(([width, height]) => (bytes) => {
    const changed = bytes.slice();
    const set = (at, values) => {
        if (at >= 0 && at + values.length <= changed.length)
            changed.set(values, at);
    };
    const format = formatOf(bytes);
    const find = (needle) => Buffer.from(bytes).indexOf(needle, 0, "latin1");
    if (format === "png")
        set(16, [...u32(width), ...u32(height)]);
    if (format === "jpeg")
        set(Math.max(find("\xff\xc0\0\x11"), find("\xff\xc2\0\x11")) + 5, [...u16(height), ...u16(width)]);
    if (format === "webp")
        set(24, [...u32(width).reverse().slice(0, 3), ...u32(height).reverse().slice(0, 3)]);
    if (format === "avif" && find("ispe") > 0)
        set(find("ispe") + 8, [...u32(width), ...u32(height)]);
    return soundChecksums(changed);
});
export const informedChanges = fc
    .array(fc.oneof(block, declared), { minLength: 1, maxLength: 3 })
    .map((list) => (bytes) => list.reduce((changed, change) => change(changed), bytes));
const box = (type, data) => [...u32(data.length + 8), ...ascii(type), ...data];
const FILE_TYPE = box("ftyp", [...ascii("avif"), 0, 0, 0, 0, ...ascii("avifmif1")]);
const SPATIAL = box("ispe", [0, 0, 0, 0, ...u32(64), ...u32(64)]);
/** Containers of a great many tiny parts: `[front, part]`; a reader that looks at each too long stands still. */
const SWARMS = [
    [[...pngHeader(64, 64)], pngChunk("tEXt", [])],
    [[...pngHeader(64, 64)], pngChunk("tEXt", [0])],
    [[...webp(64, 64, 8).subarray(0, 30)], webpChunk("XMP ", [])],
    [[...jpeg(64, 64).subarray(0, 2)], [0xff]],
    [[...jpeg(64, 64).subarray(0, 2)], [0xff, 0xfe, 0, 2]],
    [[...jpeg(64, 64).subarray(0, 2)], [0xff, 0xff, 0xff, 0xfe, 0, 9, 0, 0, 0, 0, 0, 0, 0]],
    [
        [...jpeg(64, 64).subarray(0, 2)],
        [0xff, 0xe1, 0, 16, ...ascii("Exif"), 0, 0, ...ascii("MM"), 0, 42, 0, 0, 0, 8],
    ],
    [FILE_TYPE, box("free", [])],
    [
        [
            ...FILE_TYPE,
            ...u32(14998000),
            ...ascii("meta"),
            0,
            0,
            0,
            0,
            ...u32(14997000),
            ...ascii("iprp"),
            ...u32(14996000),
            ...ascii("ipco"),
        ],
        SPATIAL,
    ],
    [[...FILE_TYPE, ...u32(14998000), ...ascii("meta"), 0, 0, 0, 0], box("free", [])],
    [ascii("icns\0\xe4\xe1\xc0"), box("ICON", [])],
    [
        [...box("JXL ", [13, 10, 0x87, 10]), ...box("ftyp", ascii("jxl \0\0\0\0jxl "))],
        box("jxlp", [0, 0, 0, 0]),
    ],
    [ascii("<svg "), ascii("<svg a='")],
    [ascii("II*\0\x08\0\0\0"), [1, 1, 3, 0, 1, 0, 0, 0, 64, 0, 0, 0]],
    [ascii("\0\0\x01\0\xff\xff"), new Array(16).fill(1)],
];
/** A file of up to 15 MB of such parts, closed by a frame where the format is read up to one. */
export const swarm = fc
    .tuple(fc.constantFrom(...SWARMS), fc.constantFrom(1e4, 1e5, 1e6, 14999000))
    .map(([[front, part], size]) => {
    const bytes = new Uint8Array(size).fill(0);
    Buffer.from(bytes.buffer).fill(Uint8Array.from(part), front.length, size);
    bytes.set(front);
    const end = jpeg(64, 64).subarray(-23);
    if (front[0] === 0xff) {
        const whole = front.length + Math.floor((size - front.length - end.length) / part.length) * part.length;
        bytes.set(end, whole);
    }
    return bytes;
});
/** Headers made byte by byte, beside the files of libvips. */
export const bareHeaders = [
    png(64, 80),
    jpeg(64, 80, 6),
    jpeg(80, 64, 1, 60000),
    webp(64, 80),
];
