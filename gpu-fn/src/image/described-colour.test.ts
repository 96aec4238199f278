// Colours that a file describes in numbers, and JPEGs that are damaged but complete, built chunk by chunk from a picture.
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodePhoto } from "./decode.ts";
import { describedColour } from "./decoder/described-colour.ts";

const [WIDTH, HEIGHT] = [96, 64];
const RAW = { width: WIDTH, height: HEIGHT, channels: 3 } as const;

/** Skin, cloth and sky: all inside sRGB, so that nothing is clipped on the way through a wider space. */
const rgb = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
  return [90 + x, 60 + 2 * y, 200 - x - y][i % 3] as number;
});

const differences = (a: Uint8Array, b: Uint8Array) => {
  const each = Array.from(a, (value, i) => Math.abs(value - (b[i] as number)));
  return { most: Math.max(...each), mean: each.reduce((sum, value) => sum + value, 0) / each.length };
};

/** A PNG with extra chunks before its pixels. */
async function png(
  values: Uint8Array | Uint16Array,
  chunks: readonly [type: string, data: Buffer][],
): Promise<Buffer> {
  const picture = sharp(values, { raw: RAW });
  const bytes = await (values instanceof Uint16Array ? picture.toColourspace("rgb16") : picture)
    .png()
    .toBuffer();
  return withChunks(bytes, chunks);
}

function withChunks(bytes: Buffer, chunks: readonly [type: string, data: Buffer][]): Buffer {
  const head = 8 + 25; // signature and IHDR
  const written = chunks.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  });
  return Buffer.concat([bytes.subarray(0, head), ...written, bytes.subarray(head)]);
}

const gamma = (value: number): [string, Buffer] => {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(Math.round(100_000 * value));
  return ["gAMA", data];
};

/** The picture's values in a file with another gamma, in 8 or 16 bits. */
function powered(exponent: number, most: 255 | 65_535): Uint8Array | Uint16Array {
  const values = Array.from(rgb, (value) => Math.round(most * (value / 255) ** exponent));
  return most === 255 ? Uint8Array.from(values) : Uint16Array.from(values);
}

/** The picture's values in Display P3, computed by lcms. */
const inP3 = () => sharp(rgb, { raw: RAW }).withIccProfile("p3").raw().toBuffer();

describe("a PNG without a profile", () => {
  test.each([0.55556, 0.7, 1])("and with a gamma of %s is converted to sRGB", async (value) => {
    const file = await png(powered(2.2 * value, 65_535), [gamma(value)]);
    const { most } = differences((await decodePhoto(file)).rgb, rgb);
    // an unconverted picture would be off by more than 20
    expect(most).toBeLessThanOrEqual(1);
    expect(differences(Uint8Array.from(powered(2.2 * value, 255)), rgb).mean).toBeGreaterThan(8);
  });

  test("and with the usual gamma of sRGB pictures stays as it is, and so does one that also names sRGB", async () => {
    for (const chunks of [[gamma(0.45455)], [["sRGB", Buffer.of(0)], gamma(1)]] as [string, Buffer][][])
      expect(differences((await decodePhoto(await png(rgb, chunks))).rgb, rgb).most).toBe(0);
  });

  test("and with P3 in cICP is converted, whatever profile comes with it", async () => {
    const p3 = new Uint8Array(await inP3());
    expect(differences(p3, rgb).most).toBeGreaterThan(8);
    const file = await png(p3, [["cICP", Buffer.of(12, 13, 0, 1)]]);
    expect(differences((await decodePhoto(file)).rgb, rgb).most).toBeLessThanOrEqual(2);
  });

  test("and with P3 in cHRM is converted", async () => {
    const data = Buffer.alloc(32);
    for (const [i, value] of [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06].entries())
      data.writeUInt32BE(Math.round(100_000 * value), 4 * i);
    const file = await png(new Uint8Array(await inP3()), [gamma(0.45455), ["cHRM", data]]);
    expect(differences((await decodePhoto(file)).rgb, rgb).most).toBeLessThanOrEqual(2);
  });

  test("keeps its alpha, in 8 bits", async () => {
    const alpha = Buffer.alloc(WIDTH * HEIGHT, 77);
    const bytes = await sharp(rgb, { raw: RAW })
      .joinChannel(alpha, { raw: { ...RAW, channels: 1 } })
      .png()
      .toBuffer();
    const file = withChunks(bytes, [gamma(1)]);
    expect(new Set((await decodePhoto(file)).alpha)).toEqual(new Set([77]));
  });
});

test("an AVIF's colr of type nclx is read; one with a profile, and any other file, describes nothing", () => {
  const box = (type: string, ...contents: Buffer[]) => {
    const [head, body] = [Buffer.alloc(8), Buffer.concat(contents)];
    head.writeUInt32BE(8 + body.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, body]);
  };
  const file = (...properties: Buffer[]) =>
    Buffer.concat([
      box("ftyp", Buffer.from("avif\0\0\0\0")),
      box("meta", Buffer.alloc(4), box("hdlr", Buffer.alloc(20)), box("iprp", box("ipco", ...properties))),
    ]);
  const nclx = (primaries: number, transfer: number) =>
    box("colr", Buffer.from("nclx"), Buffer.of(0, primaries, 0, transfer, 0, 6, 0x80));
  const ispe = box("ispe", Buffer.alloc(12));
  const p3 = describedColour(file(ispe, box("colr", Buffer.from("prof")), nclx(12, 13)));
  expect(p3).toMatchObject({ overProfile: false, colour: { transfer: "srgb" } });
  expect(p3?.colour.primaries.slice(2, 4)).toEqual([0.68, 0.32]);
  expect(describedColour(file(ispe, nclx(1, 13)))).toBeNull();
  expect(describedColour(file(ispe))).toBeNull();
  for (const cut of [0, 11, 30, 60])
    expect(describedColour(file(ispe, nclx(12, 13)).subarray(0, cut))).toBeNull();
});

/** A grey ICC profile (ICC.1, 7.2 and 8.4.2) whose curve is a power. */
function greyProfile(power: number): Buffer {
  const header = Buffer.alloc(128);
  header.writeUInt32BE(0x02100000, 8);
  header.write("mntrGRAYXYZ ", 12);
  header.write("acsp", 36);
  for (const [i, value] of [0xf6d6, 0x10000, 0xd32d].entries()) header.writeUInt32BE(value, 68 + 4 * i);
  const white = Buffer.concat([Buffer.from("XYZ \0\0\0\0"), header.subarray(68, 80)]);
  const curve = Buffer.alloc(16);
  curve.write("curv");
  curve.writeUInt32BE(1, 8);
  curve.writeUInt16BE(Math.round(256 * power), 12);
  const tags = Buffer.alloc(28);
  tags.writeUInt32BE(2, 0);
  for (const [i, [name, at, size]] of (
    [
      ["wtpt", 156, 20],
      ["kTRC", 176, 14],
    ] as const
  ).entries()) {
    tags.write(name, 4 + 12 * i);
    tags.writeUInt32BE(at, 8 + 12 * i);
    tags.writeUInt32BE(size, 12 + 12 * i);
  }
  const profile = Buffer.concat([header, tags, white, curve]);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
}

test("16-bit grey with a profile is as light as 8-bit grey with the same profile", async () => {
  const ramp = Array.from({ length: WIDTH * HEIGHT }, (_, i) => (5 * (i % WIDTH)) % 256);
  const chunk: [string, Buffer] = [
    "iCCP",
    Buffer.concat([Buffer.from("grey\0\0", "latin1"), deflateSync(greyProfile(1))]),
  ];
  const raw = { ...RAW, channels: 1 } as const;
  const eight = sharp(Uint8Array.from(ramp), { raw }).toColourspace("b-w").png();
  const sixteen = sharp(
    Uint16Array.from(ramp, (value) => 257 * value),
    { raw },
  )
    .toColourspace("grey16")
    .png();
  const [light, deep] = await Promise.all(
    [eight, sixteen].map(async (file) => withChunks(await file.toBuffer(), [chunk])),
  );
  expect(await sharp(deep).metadata()).toMatchObject({ depth: "ushort", hasProfile: true });
  const [one, other] = [await decodePhoto(light as Buffer), await decodePhoto(deep as Buffer)];
  expect(differences(other.rgb, one.rgb).most).toBeLessThanOrEqual(1);
  // read without its profile the file is darker: a third of the light is 154 of 255, not 85
  expect(one.rgb[3 * 17]).toBeGreaterThan(140);
});

describe("a damaged JPEG", () => {
  const jpeg = () => sharp(rgb, { raw: RAW }).jpeg({ quality: 95 }).toBuffer();

  test("without its end marker, or with stray bytes, has all of its pixels", async () => {
    const bytes = await jpeg();
    const whole = (await decodePhoto(bytes)).rgb;
    expect((await decodePhoto(bytes.subarray(0, -2))).rgb).toEqual(whole);
    const table = bytes.indexOf(Buffer.of(0xff, 0xdb));
    const stray = Buffer.concat([bytes.subarray(0, table), Buffer.alloc(18), bytes.subarray(table)]);
    expect((await decodePhoto(stray)).rgb).toEqual(whole);
  });

  test("truncated before its last pixels is refused, even with an end marker", async () => {
    const bytes = await jpeg();
    for (const share of [0.5, 0.9, 0.98]) {
      const cut = bytes.subarray(0, Math.floor(share * bytes.length));
      await expect(decodePhoto(cut)).rejects.toMatchObject({ code: "image_undecodable" });
    }
  });
});
