// Where the embedded model finds faces and masks, on photos made from the drawn portraits.
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaceChoice, maskOptionsSchema } from "../../../shared/mask.ts";
import { example, laidInto, movedTo, png } from "../faces/portraits.fixture.ts";
import type { Part, Photo, Point } from "../image/picture.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { findRegion, locatePortrait } from "./locate.ts";
import type { FoundRegion } from "./request.ts";
import { seePhoto } from "./seen-photo.ts";

/** Eye centres of examples eight and five, measured by eye. */
const EYES = {
  8: [
    { x: 196, y: 239 },
    { x: 306, y: 234 },
  ],
  5: [
    { x: 200, y: 236 },
    { x: 308, y: 232 },
  ],
} as const;

const maskOptions = maskOptionsSchema.parse({});
const GLASSES = "a person wearing glasses";

let model: Model;
let portrait: Photo;
beforeAll(async () => {
  model = await openModel(await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json")));
  portrait = await example(8);
});
afterAll(() => model.release());

const locate = async (photo: Photo, face?: FaceChoice) =>
  locatePortrait(model, {
    photo: { bytes: await png(photo) },
    locate: [GLASSES],
    maskOptions,
    ...(face !== undefined && { face }),
  });

const valueAt = ({ mask }: FoundRegion, { x, y }: Point) =>
  mask.data[Math.floor(y) * mask.width + Math.floor(x)] as number;

describe("glasses cover both eyes", () => {
  test.each<[string, Part, number, number]>([
    ["low in a tall photo", { left: 20, top: 330, width: 560, height: 560 }, 600, 900],
    ["at the left edge, cut by it", { left: -60, top: 300, width: 500, height: 500 }, 1200, 900],
    ["small in the middle", { left: 190, top: 180, width: 240, height: 240 }, 620, 600],
    ["tilted by 30°", { left: 300, top: 120, width: 420, height: 420, roll: 0.52 }, 1000, 700],
    [
      "tilted by 20° the other way, in a corner",
      { left: 560, top: 250, width: 400, height: 400, roll: -0.35 },
      1000,
      700,
    ],
  ])("%s", async (_, part, width, height) => {
    const found = await locate(laidInto(portrait, part, { width, height }));
    for (const eye of EYES[8]) expect(valueAt(found, movedTo(part, portrait, eye))).toBeGreaterThan(200);
    // and little else: less than a third of the face's own square
    expect(found.coverage * width * height).toBeLessThan(0.33 * part.width ** 2);
    expect(found.faces).toHaveLength(1);
    expect(found.fusion.mask.data.some((value) => value > 200)).toBe(true);
  });
});

describe("with two faces in a wide photo", () => {
  const [left, right] = [
    { left: 0, top: 0, width: 512, height: 512 },
    { left: 512, top: 0, width: 512, height: 512 },
  ];
  let wide: Photo;
  beforeAll(async () => {
    const [one, other] = [await png(await example(5)), await png(portrait)];
    const create = { width: 1024, height: 512, channels: 3, background: "#888" } as const;
    const rgb = await sharp({ create })
      .composite([
        { input: one, left: 0, top: 0 },
        { input: other, left: 512, top: 0 },
      ])
      .removeAlpha()
      .raw()
      .toBuffer();
    wide = { width: 1024, height: 512, rgb, alpha: null };
  });

  /** Whether the mask covers the left face, and whether it covers the right one. */
  const on = (found: FoundRegion) => [
    EYES[5].every((eye) => valueAt(found, movedTo(left, portrait, eye)) > 200),
    EYES[8].every((eye) => valueAt(found, movedTo(right, portrait, eye)) > 200),
  ];

  test("one is chosen by default, the other by its number or by a point on it", async () => {
    const first = await locate(wide);
    expect(first.faces).toHaveLength(2);
    const [chosen] = on(first);
    expect(on(first)).toEqual([chosen, !chosen]);
    expect(on(await locate(wide, 0))).toEqual([chosen, !chosen]);
    expect(on(await locate(wide, 1))).toEqual([!chosen, chosen]);
    expect(on(await locate(wide, { x: 256, y: 260 }))).toEqual([true, false]);
    expect(on(await locate(wide, { x: 768, y: 260 }))).toEqual([false, true]);
    await expect(locate(wide, 2)).rejects.toMatchObject({ code: "no_face" });
  });

  test.each([
    ["left", left],
    ["right", right],
  ])("a mask on the %s one selects that face", async (_, part) => {
    const stroke = { create: { width: 120, height: 20, channels: 3, background: "#fff" } } as const;
    const mask = await sharp({ create: { width: 1024, height: 512, channels: 3, background: "#000" } })
      .composite([{ input: await sharp(stroke).png().toBuffer(), left: part.left + 200, top: 340 }])
      .png()
      .toBuffer();
    const request = {
      photo: { bytes: await png(wide) },
      mask: { bytes: mask },
      locate: [GLASSES],
      maskOptions,
    };
    const { found, placement } = await findRegion(model, request, await seePhoto(model, request));
    expect(Math.abs(placement.window.part.left - part.left)).toBeLessThan(30);
    expect(found.coverage).toBeCloseTo((120 * 20) / (1024 * 512), 5);
    // the stroke is thinner than a token: every token it crosses is edited fully
    expect(new Set(found.fusion.mask.data)).toEqual(new Set([0, 255]));
  });
});

test("a photo without a face is refused, unless a mask is sent", async () => {
  const plain = { width: 400, height: 300, rgb: new Uint8Array(3 * 400 * 300).fill(120), alpha: null };
  await expect(locate(plain)).rejects.toMatchObject({ code: "no_face" });
  const white = await sharp({ create: { width: 400, height: 300, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  const request = {
    photo: { bytes: await png(plain) },
    mask: { bytes: white },
    locate: [GLASSES],
    maskOptions,
  };
  const { found } = await findRegion(model, request, await seePhoto(model, request));
  expect(found.coverage).toBeCloseTo(0.75, 5);
});
