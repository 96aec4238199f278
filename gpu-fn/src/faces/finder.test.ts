import { beforeAll, describe, expect, test } from "vitest";
import type { Photo, Point } from "../image/picture.ts";
import { shareIn } from "../image/turn.ts";
import { chooseFace } from "./choose.ts";
import { type FindFaces, openFaceFinder } from "./finder.ts";
import { afterTurn, example, laidInto, movedTo, turnedAside } from "./portraits.fixture.ts";
import { alignedSquare, viewOf } from "./square.ts";

/** Eye centres of example eight, measured by eye. */
const EYES = [
  { x: 196, y: 239 },
  { x: 306, y: 234 },
] as const;

let find: FindFaces;
let portrait: Photo;
beforeAll(async () => {
  find = await openFaceFinder();
  portrait = await example(8);
});

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "example %i has one face, seen from the front, and is used whole as the view",
  async (number) => {
    const photo = await example(number);
    const faces = await find(photo);
    expect(faces).toHaveLength(1);
    const [face] = faces;
    expect(face?.score).toBeGreaterThan(0.95);
    expect(face?.far).toBeGreaterThan(0.35);
    expect(face && viewOf(face, photo)).toEqual({ left: 0, top: 0, width: 512, height: 512 });
  },
);

/** The head of example eight, from ear to ear; measured by eye. */
const HEAD = { axis: 251, radius: 130, nose: { x: 248, y: 308, length: 45 } };

describe("a head that turns aside", () => {
  const inRadians = (degrees: number) => (degrees * Math.PI) / 180;

  test.each([15, 30, 45, 60])("by %i° still has its eyes found", async (degrees) => {
    const yaw = inRadians(degrees);
    const face = chooseFace(await find(turnedAside(portrait, HEAD, yaw)), undefined);
    face.eyes.forEach((eye, i) => {
      expect(distance(eye, afterTurn(HEAD, yaw, EYES[i] as Point))).toBeLessThan(0.05 * 2 * HEAD.radius);
    });
  });

  test.each([70, 80, 89])("by %i° is refused, because one eye is a guess", async (degrees) => {
    const faces = await find(turnedAside(portrait, HEAD, inRadians(degrees)));
    expect(() => chooseFace(faces, undefined)).toThrow("send");
  });
});

/** Fifty placements of a portrait in a photo of 900 × 700: shifted, scaled and rolled. */
const PLACES = Array.from({ length: 50 }, (_, i) => {
  const side = 180 + ((i * 97) % 420);
  const roll = ((((i * 37) % 71) - 35) * Math.PI) / 180;
  const [x, y] = [250 + ((i * 131) % 400), 200 + ((i * 61) % 300)];
  return { part: { left: x - side / 2, top: y - side / 2, width: side, height: side, roll }, i };
});

describe("a portrait anywhere in a photo", () => {
  test.each(PLACES)("place $i: the eyes are found, and the view holds the face upright", async ({ part }) => {
    const photo = laidInto(portrait, part, { width: 900, height: 700 });
    const [face] = await find(photo);
    const eyes = EYES.map((eye) => movedTo(part, portrait, eye)) as [Point, Point];
    if (face === undefined) throw new Error("no face is found");
    face.eyes.forEach((eye, i) => {
      expect(distance(eye, eyes[i] as Point)).toBeLessThan(0.04 * part.width);
    });
    const view = viewOf(face, photo);
    const [left, right] = eyes.map((eye) => shareIn(view, eye)) as [Point, Point];
    // the eyes are where FFHQ has them and as level as a view makes them, and the face is as large as FFHQ's
    expect(Math.abs((left.x + right.x) / 2 - 0.5)).toBeLessThan(0.1);
    expect(Math.abs((left.y + right.y) / 2 - 0.47)).toBeLessThan(0.1);
    const tilt = Math.atan2(right.y - left.y, right.x - left.x);
    expect(Math.abs(tilt)).toBeLessThan((9 * Math.PI) / 180);
    expect(right.x - left.x).toBeGreaterThan(0.19);
    expect(right.x - left.x).toBeLessThan(0.28);
  });
});

test("the face is found in a photo that lies on its side or upside down", async () => {
  for (const roll of [Math.PI / 2, -Math.PI / 2, Math.PI]) {
    const part = { left: 200, top: 150, width: 400, height: 400, roll };
    const [face] = await find(laidInto(portrait, part, { width: 900, height: 700 }));
    const eye = movedTo(part, portrait, EYES[0]);
    expect(face && distance(face.eyes[0], eye)).toBeLessThan(20);
  }
});

test("a face that is a thirtieth of the photo is found", async () => {
  const part = { left: 1450, top: 750, width: 130, height: 130 };
  const [face] = await find(laidInto(portrait, part, { width: 2000, height: 1500 }));
  expect(face && distance(face.eyes[0], movedTo(part, portrait, EYES[0]))).toBeLessThan(7.5);
});

test("no face is found in noise or in a plain colour", async () => {
  const noise = Uint8Array.from({ length: 3 * 300 * 200 }, (_, i) => (i * 2654435761) % 251);
  expect(await find({ width: 300, height: 200, rgb: noise, alpha: null })).toEqual([]);
  const grey = new Uint8Array(noise.length).fill(119);
  expect(await find({ width: 300, height: 200, rgb: grey, alpha: null })).toEqual([]);
});

test("the aligned square is FFHQ's: four times the eyes' distance, a tenth of the way to the mouth below them", () => {
  const eyes = [
    { x: 100, y: 200 },
    { x: 200, y: 200 },
  ] as const;
  const square = alignedSquare({ eyes, mouth: { x: 150, y: 310 } });
  expect(square).toEqual({ left: -50, top: 11, width: 400, height: 400, roll: 0 });
});
