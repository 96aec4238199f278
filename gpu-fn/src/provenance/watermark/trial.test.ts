// Looking only at the mask's area predicts what a search of the whole picture finds.
import sharp from "sharp";
import { expect, test } from "vitest";
import { wholeOf } from "../../image/crop.ts";
import { decodePhotoHere } from "../../image/decoder/decode-here.ts";
import type { Photo } from "../../image/picture.ts";
import { portraitPhoto, regionMask } from "../photo.fixture.ts";
import { bestWindows, carrierOf, clearWindow } from "./carrier.ts";
import { detectWhole } from "./detect.ts";
import { embedder } from "./embed.ts";
import { gridOf } from "./grid.ts";
import { markKeyOf, payloadOf } from "./mark.ts";
import { tileOf } from "./pattern.ts";
import { Trial } from "./trial.ts";

const { patterns } = markKeyOf("the secret of a deployment in a test");
const PAYLOAD = payloadOf(3);

const open = ({ rgb, width, height }: Photo) => sharp(rgb, { raw: { width, height, channels: 3 } });

/** The highest score of a search that tries every window. */
async function searched(picture: Photo, marked: Photo): Promise<number> {
  const { found, score, payload } = await detectWhole(picture, patterns, [gridOf(marked)]);
  return found && payload === PAYLOAD ? score : 0;
}

test.each([
  ["lips", 512],
  ["eyeglasses", 700],
] as const)("%s at %i pixels: scores match a search, untreated and treated", async (region, size) => {
  const photo = await portraitPhoto(size);
  const mask = await regionMask(region, size);
  const carrier = carrierOf(photo, mask);
  const trial = new Trial(photo, carrier.grid, bestWindows(carrier, 3), { patterns, payload: PAYLOAD });
  const marked = embedder(photo, mask, tileOf(patterns, PAYLOAD), carrier.bounds ?? wholeOf(photo))(2);
  expect((await trial.plain(marked)).read).toBeCloseTo(await searched(marked, marked), 0);
  const half = { width: Math.ceil(size / 2), height: Math.ceil(size / 2), fit: "fill" } as const;
  const treated = [
    await open(marked).jpeg({ quality: 80, chromaSubsampling: "4:4:4" }).toBuffer(),
    await open(marked).resize(half).png().toBuffer(),
  ];
  const scores = await Promise.all(
    treated.map(async (file) => searched(await decodePhotoHere(file), marked)),
  );
  expect((await trial.treated(marked)).read).toBeCloseTo(Math.min(...scores), 0);
});

test("an unmarked picture, or one with another payload, scores nothing", async () => {
  const photo = await portraitPhoto(256);
  const carrier = carrierOf(photo, null);
  const windows = [clearWindow(carrier) ?? expect.unreachable()];
  const trial = new Trial(photo, carrier.grid, windows, { patterns, payload: PAYLOAD });
  const other = embedder(photo, null, tileOf(patterns, PAYLOAD + 1), wholeOf(photo))(1);
  expect((await trial.plain(other)).read).toBe(0);
  expect((await trial.plain(photo)).score).toBeLessThan(8);
});

test("a carrier counts the cells that the mask covers; the best windows lie around them", async () => {
  const mask = new Uint8Array(512 * 512);
  for (let y = 64; y < 128; y++) mask.fill(255, y * 512 + 320, y * 512 + 384);
  const carrier = carrierOf({ width: 512, height: 512 }, mask);
  expect(carrier).toMatchObject({ grid: 256, columns: 256, rows: 256 });
  expect(carrier.total).toBeCloseTo(32 * 32, 3);
  expect(carrier.bounds).toEqual({ left: 320, top: 64, width: 64, height: 64 });
  expect(carrierOf({ width: 64, height: 64 }, new Uint8Array(64 * 64)).bounds).toBeNull();
  expect(carrier.cover[40 * 256 + 170]).toBeCloseTo(1, 5);
  expect(bestWindows(carrier, 3)[0]).toEqual({ left: 160, top: 32, right: 192, bottom: 64 });
  const whole = carrierOf({ width: 512, height: 384 }, null);
  expect(whole.total).toBe(256 * 192);
  expect(bestWindows(whole, 1)).toEqual([{ left: 0, top: 0, right: 256, bottom: 192 }]);
  expect(clearWindow(whole)).toEqual({ left: 0, top: 0, right: 64, bottom: 64 });
  expect(clearWindow(carrier)).toBeNull();
});
