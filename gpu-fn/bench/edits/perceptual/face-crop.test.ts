import { expect, test } from "vitest";
import { alignedCrop, centreCrop, FACE_SIDE, FACE_TEMPLATE, similarityOf } from "./face-crop.ts";
import type { FaceLandmarks, Point } from "./metric.ts";

const mapped = (face: FaceLandmarks, move: (point: Point) => Point): FaceLandmarks => ({
  leftEye: move(face.leftEye),
  rightEye: move(face.rightEye),
  nose: move(face.nose),
  leftMouth: move(face.leftMouth),
  rightMouth: move(face.rightMouth),
});

/** x and y in two channels: a picture that says where each pixel came from. */
const places = (side: number) =>
  Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return [x, y, 0][i % 3] as number;
  });

test("a similarity is found again from five points that it moved", () => {
  const { a, b, tx, ty } = { a: 1.5 * Math.cos(0.3), b: 1.5 * Math.sin(0.3), tx: 7, ty: -4 };
  const moved = mapped(FACE_TEMPLATE, ([x, y]) => [a * x - b * y + tx, b * x + a * y + ty]);
  const found = similarityOf(FACE_TEMPLATE, moved);
  for (const [key, value] of Object.entries({ a, b, tx, ty }))
    expect(found[key as "a"], key).toBeCloseTo(value, 9);
});

test("points that no similarity fits are met in the sum of squares: a stretch by 2 across is a scale between 1 and 2", () => {
  const stretched = mapped(FACE_TEMPLATE, ([x, y]) => [2 * x, y]);
  const { a } = similarityOf(FACE_TEMPLATE, stretched);
  const error = (scale: number) => {
    const { leftEye: l, rightEye: r, nose: n, leftMouth: m, rightMouth: o } = FACE_TEMPLATE;
    const all = [l, r, n, m, o];
    const [mx, my] = [0, 1].map((axis) => all.reduce((sum, point) => sum + (point[axis] as number), 0) / 5);
    return all.reduce(
      (sum, [x, y]) =>
        sum + ((2 - scale) * (x - (mx as number))) ** 2 + ((1 - scale) * (y - (my as number))) ** 2,
      0,
    );
  };
  expect(error(a)).toBeLessThan(error(a + 0.01));
  expect(error(a)).toBeLessThan(error(a - 0.01));
});

test("landmarks at the template's places, shifted, cut out the shifted window; beyond the picture is black", () => {
  const face = mapped(FACE_TEMPLATE, ([x, y]) => [x + 20, y + 100]);
  const crop = alignedCrop(places(200), face);
  const at = (x: number, y: number) => [
    ...crop.subarray(3 * (y * FACE_SIDE + x), 3 * (y * FACE_SIDE + x) + 2),
  ];
  expect(at(0, 0)).toEqual([20, 100]);
  expect(at(111, 50)).toEqual([131, 150]);
  expect(at(50, 105)).toEqual([0, 0]);
});

test("landmarks at twice the template's places: every second pixel", () => {
  const crop = alignedCrop(
    places(240),
    mapped(FACE_TEMPLATE, ([x, y]) => [2 * x, 2 * y]),
  );
  expect([...crop.subarray(3 * (30 * FACE_SIDE + 40), 3 * (30 * FACE_SIDE + 40) + 2)]).toEqual([80, 60]);
});

test("the centre crop is the middle 188 of 256 at 112 pixels", () => {
  const crop = centreCrop(places(256));
  // The window is 34…221; the corner's pixel covers 188/112 of it, so its mean lies .34 in.
  expect(crop.length).toBe(3 * FACE_SIDE ** 2);
  expect(Math.abs((crop[0] as number) - 34.5)).toBeLessThan(1);
  expect(Math.abs((crop.at(-3) as number) - 220.5)).toBeLessThan(1);
});
