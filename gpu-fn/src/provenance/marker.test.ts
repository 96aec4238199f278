import { expect, test } from "vitest";
import { openMarker } from "./marker.ts";
import { portraitPhoto, regionMask } from "./photo.fixture.ts";
import { markKeyOf, markPicture } from "./watermark/mark.ts";

const KEY = markKeyOf("the secret of a deployment in a test", 5);

test("the thread makes the same mark, keeps alpha, and leaves the caller's pixels untouched", async () => {
  const marker = openMarker(KEY);
  const alpha = new Uint8Array(256 * 256).fill(200);
  const photo = { ...(await portraitPhoto(256)), alpha };
  const before = photo.rgb.slice();
  const mask = await regionMask("skin", 256);
  const [there, here] = await Promise.all([marker.mark(photo, mask), markPicture(photo, mask, KEY)]);
  expect(there.held).toBe(here.held);
  expect(Buffer.compare(there.picture.rgb, here.picture.rgb)).toBe(0);
  expect(there.picture.alpha).toBe(alpha);
  expect(Buffer.compare(photo.rgb, before)).toBe(0);
  await marker.close();
});

test("this thread stays free while a large picture is marked, and too small a region comes back unchanged", async () => {
  const marker = openMarker(KEY);
  const photo = await portraitPhoto(1024);
  await marker.mark(photo, new Uint8Array(1024 * 1024));
  let ticks = 0;
  const pulse = setInterval(() => {
    ticks += 1;
  }, 5);
  const begun = performance.now();
  const { held } = await marker.mark(photo, null);
  const took = performance.now() - begun;
  clearInterval(pulse);
  expect(held).toBe("held");
  // most of the ticks that fit into the time came; none would if this thread had done the work
  expect(ticks).toBeGreaterThan(Math.min(10, took / 50));
  const none = await marker.mark(photo, new Uint8Array(1024 * 1024));
  expect(none).toEqual({ held: "none", picture: photo });
  await marker.close();
});

test("a picture that cannot be marked is reported, and the next one is marked", async () => {
  const marker = openMarker(KEY);
  const broken = { width: 256, height: 256, rgb: new Uint8Array(3), alpha: null };
  await expect(marker.mark(broken, null)).rejects.toThrow(/^the mark could not be made: \w+$/);
  expect((await marker.mark(await portraitPhoto(256), null)).held).toBe("held");
  await marker.close();
});
