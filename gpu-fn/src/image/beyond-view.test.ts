import { expect, test } from "vitest";
import { pasteBack } from "./composite.ts";
import { fromModel, toModel } from "./crop.ts";
import type { Part, Photo } from "./picture.ts";

const [WIDTH, HEIGHT] = [160, 240];
const SIZE = { width: 80, height: 80 };

/** What the model sees; strands of brown hair go on below it, 60 to 100 pixels from the left, on a blue wall. */
const VIEW: Part = { left: 0, top: 0, width: 160, height: 160 };
const isHair = (x: number) => x >= 60 && x < 100;

const PHOTO: Photo = {
  ...{ width: WIDTH, height: HEIGHT, alpha: null },
  rgb: Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const [x, channel] = [Math.floor(i / 3) % WIDTH, i % 3];
    const strand = 12 * Math.sin(x / 3);
    return Math.round(
      isHair(x)
        ? ([110, 80, 60].map((level) => level + strand)[channel] ?? 0)
        : ([60, 90, 150][channel] ?? 0),
    );
  }),
};

/** The region, located a little too widely, down to row 200. */
const MASK = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
  return x >= 50 && x < 110 && y >= 60 && y < 200 ? 255 : 0;
});

const levels = (rgb: Uint8Array, x: number, y: number) => [
  ...rgb.subarray(3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3),
];

/** The photo after an edit that makes of each pixel of hair in the view what `edit` says. */
async function edited(edit: (level: number, channel: number, x: number, y: number) => number, part = VIEW) {
  const reconstructed = fromModel(await toModel(PHOTO, part, SIZE));
  const picture = reconstructed.map((level, i) => {
    const [x, y] = [Math.floor(i / 3) % SIZE.width, Math.floor(i / 3 / SIZE.width)];
    return isHair(2 * x) ? Math.min(255, Math.max(0, edit(level, i % 3, x, y))) : level;
  });
  return (await pasteBack(PHOTO, { edited: picture, reconstructed, size: SIZE }, part, MASK)).rgb;
}

const redder = (level: number, channel: number) => level + ([80, -20, 10][channel] ?? 0);

test("a change of colour goes on beyond the view as far as the mask does, on what has the region's colours", async () => {
  const rgb = await edited(redder);
  for (const y of [100, 150, 158, 161, 180, 199])
    for (const x of [72, 80, 88])
      levels(rgb, x, y).forEach((level, channel) => {
        expect(
          Math.abs(level - redder(levels(PHOTO.rgb, x, y)[channel] ?? 0, channel)),
          `${x}, ${y}`,
        ).toBeLessThanOrEqual(6);
      });
  for (const y of [165, 190]) expect(levels(rgb, 53, y)).toEqual(levels(PHOTO.rgb, 53, y));
  expect(levels(rgb, 80, 210)).toEqual(levels(PHOTO.rgb, 80, 210));
});

test("another shape fades out towards the border and changes nothing beyond it", async () => {
  const rgb = await edited((_, __, x, y) => 255 * ((x + y) % 2));
  for (let y = 160; y < HEIGHT; y++)
    for (const x of [66, 80]) expect(levels(rgb, x, y)).toEqual(levels(PHOTO.rgb, x, y));
  const change = (y: number) =>
    [62, 70, 75, 80, 90].reduce(
      (sum, x) => sum + Math.abs((levels(rgb, x, y)[1] ?? 0) - (levels(PHOTO.rgb, x, y)[1] ?? 0)),
      0,
    );
  expect(change(100)).toBeGreaterThan(200);
  expect(change(159)).toBeLessThan(0.2 * change(100));
});

test("where the region does not cross the view's border, the model's picture is pasted up to it", async () => {
  const inView = await edited(redder, { left: 0, top: 0, width: 160, height: 240 });
  levels(inView, 80, 199).forEach((level, channel) => {
    expect(Math.abs(level - redder(levels(PHOTO.rgb, 80, 199)[channel] ?? 0, channel))).toBeLessThanOrEqual(
      6,
    );
  });
});
