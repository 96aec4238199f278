import sharp from "sharp";
import { expect, test } from "vitest";
import { decodePhoto } from "../../image/decode.ts";
import type { Photo } from "../../image/picture.ts";
import { portraitPhoto, regionMask } from "../photo.fixture.ts";
import { detect, detectWhole, FALSE_RATE } from "./detect.ts";
import { markKeyOf, markPicture, payloadOf, readPayload } from "./mark.ts";
import { patternsOf } from "./pattern.ts";

const KEY = markKeyOf("the secret of a deployment in a test", 77);
const SIZE = 512;

const open = ({ rgb, width, height }: Photo) => sharp(rgb, { raw: { width, height, channels: 3 } });

test("a marked region is read after JPEG 80 and at half the size, and nothing outside it changes", async () => {
  const photo = await portraitPhoto(SIZE);
  const mask = await regionMask("hair", SIZE);
  const { picture, held } = await markPicture(photo, mask, KEY);
  expect(held).toBe("held");
  const moved = [...mask.keys()].filter((i) => picture.rgb[3 * i] !== photo.rgb[3 * i]);
  expect(moved.length).toBeGreaterThan(10_000);
  expect(moved.every((i) => (mask[i] as number) > 0)).toBe(true);
  for (const file of [
    open(picture).jpeg({ quality: 80 }),
    open(picture)
      .resize(SIZE / 2)
      .png(),
    open(picture).resize(700).webp({ quality: 90 }),
  ]) {
    const seen = await detectWhole(await decodePhoto(await file.toBuffer()), KEY.patterns);
    expect(seen).toMatchObject({ found: true, payload: payloadOf(77), extent: "whole" });
    expect(seen.falseRate).toBeLessThanOrEqual(FALSE_RATE);
  }
});

test("a cropped picture still shows whose mark it bears", async () => {
  const { picture } = await markPicture(await portraitPhoto(SIZE), null, KEY);
  const [left, top, side] = [31, 17, 460];
  const cut = await open(picture).extract({ left, top, width: side, height: side }).png().toBuffer();
  const seen = await detect(await decodePhoto(cut), KEY.patterns);
  expect(seen).toMatchObject({ found: true, payload: payloadOf(77), extent: "cropped" });
});

test("a region too small for the mark leaves every byte of the picture unchanged", async () => {
  const photo = await portraitPhoto(128);
  const mask = new Uint8Array(128 * 128);
  for (let y = 60; y < 70; y++) mask.fill(255, y * 128 + 60, y * 128 + 70);
  expect(await markPicture(photo, mask, KEY)).toEqual({ picture: photo, held: "none" });
});

test("without the mark, or under another key, nothing is found", async () => {
  const photo = await portraitPhoto(SIZE);
  const { picture } = await markPicture(photo, null, KEY);
  for (let i = 0; i < 4; i++)
    expect((await detectWhole(picture, patternsOf(`the secret of another deployment, ${i}`))).found).toBe(
      false,
    );
  expect((await detectWhole(photo, KEY.patterns)).found).toBe(false);
});

test("a payload consists of a version and a tag", () => {
  for (const tag of [0, 1, 255]) expect(readPayload(payloadOf(tag))).toEqual({ version: 1, tag });
});
