// A model with a window edits a part of the photo around the mask, of any shape, and puts it back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { fromModel, toModel } from "../image/crop.ts";
import { decodePhoto } from "../image/decode.ts";
import type { Rectangle } from "../image/picture.ts";
import { boundsOf } from "../image/window.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { locatePortrait } from "../region/locate.ts";
import { writeScaledModel } from "../weights/scaled-model.fixture.ts";
import { editPortrait } from "./edit.ts";
import { InversionCache } from "./inversion-cache.ts";
import type { Preview } from "./preview.ts";
import type { EditResult } from "./request.ts";
import {
  type Change,
  drawn,
  edit,
  furthest,
  HEIGHT,
  PROMPT,
  photo,
  portrait,
  requestOf,
  STEPS,
  WIDTH,
} from "./window.fixture.ts";

/** A box to the left of the square that PASL and models without a window see, which begins at 70. */
const ASIDE: Rectangle = { left: 5, top: 120, width: 50, height: 30 };
const root = mkdtempSync(join(tmpdir(), "flux-window-"));

let plain: Model;
let windowed: Model;
let scaled: Model;

beforeAll(async () => {
  const mini = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  plain = await openModel(mini);
  windowed = await openModel({ ...mini, window: { min: 64, margin: 0.5 } });
  scaled = await openModel(await writeScaledModel(root, "bfl"));
});
afterAll(async () => {
  for (const model of [plain, windowed, scaled]) await model.release();
  rmSync(root, { recursive: true });
});

/** Outside the mask every byte is the photo's; inside something changed; the mask lies in the window. */
function expectStitched({ edited, source, mask, window }: EditResult): void {
  const { width, height } = source;
  expect([edited.width, edited.height]).toEqual([width, height]);
  const changed = mask.findIndex(
    (value, i) => value === 0 && [0, 1, 2].some((c) => edited.rgb[3 * i + c] !== source.rgb[3 * i + c]),
  );
  expect(changed).toBe(-1);
  expect(furthest(edited.rgb, source.rgb)).toBeGreaterThan(2);
  const box = boundsOf({ width, height, data: mask }) as Rectangle;
  const { part } = window;
  expect([box.left >= part.left, box.top >= part.top]).toEqual([true, true]);
  expect(box.left + box.width).toBeLessThanOrEqual(part.left + part.width);
  expect(box.top + box.height).toBeLessThanOrEqual(part.top + part.height);
}

describe("a drawn mask", () => {
  test("is edited in its place, even outside the square, in a window of any shape", async () => {
    const mask = await drawn(ASIDE);
    // a model for whole faces sees a square around it
    const { part: seen } = (await edit(plain, { mask })).window;
    expect([seen.left, seen.width, seen.height]).toEqual([0, 80, 80]);
    const maskOptions = maskOptionsSchema.parse({ feather: 0.004 });
    const result = await edit(windowed, { mask, maskOptions });
    expectStitched(result);
    expect(result.source.rgb).toEqual((await decodePhoto(photo)).rgb);
    const { part, size } = result.window;
    expect(size).toEqual({ width: part.width, height: part.height });
    expect(size.width).toBeGreaterThan(size.height);
    expect(size.width % windowed.unit).toBe(0);
    expect(result.decoded).toHaveLength(3 * size.width * size.height);
    expect(result.preservation?.psnrOutsideDb).toBeGreaterThan(15);
    const alone = await edit(windowed, { mask, maskOptions, composite: "none" });
    expect(alone.edited).toEqual({ ...size, rgb: result.decoded, alpha: null });
  });

  test("applies to the upright picture of a turned photo with alpha, and alpha stays", async () => {
    const alpha = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7) % 256));
    const bytes = await sharp(photo)
      .removeAlpha()
      .joinChannel(alpha, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const mask = await drawn({ left: 200, top: 20, width: 60, height: 50 }, HEIGHT, WIDTH);
    const result = await edit(windowed, { photo: { bytes }, mask });
    expectStitched(result);
    const upright = await decodePhoto(bytes);
    expect(upright.width).toBe(HEIGHT);
    expect(result.source).toEqual(upright);
    expect(result.edited.alpha).toEqual(upright.alpha);
  });

  test("that is empty is refused", async () => {
    const black = { create: { width: WIDTH, height: HEIGHT, channels: 3, background: "#000" } } as const;
    const mask = await sharp(black).png().toBuffer();
    await expect(edit(windowed, { mask })).rejects.toMatchObject({
      code: "mask_empty",
      message: "the mask is empty: white is edited, and nothing is white",
    });
  });
});

describe("a located mask", () => {
  test("is the same as without a window, and the window lies around it", async () => {
    const result = await edit(windowed);
    expectStitched(result);
    const { mask } = await locatePortrait(windowed, {
      photo: { bytes: photo },
      locate: [PROMPT],
      maskOptions: maskOptionsSchema.parse({}),
    });
    expect(result.mask).toEqual(mask.data);
    expect(result.mask).toEqual((await edit(plain)).mask);
    const { part } = result.window;
    expect(Math.max(part.width, part.height)).toBeLessThan(HEIGHT);
    // the token mask and the paste mask cover the same place
    const inside = result.mask.reduce((sum, value) => sum + value, 0) / 255 / (part.width * part.height);
    expect(result.coverage).toBeGreaterThan(inside / 3);
    expect(result.coverage).toBeLessThan(inside * 3);
  });

  test("needs a face", async () => {
    const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#777" } })
      .png()
      .toBuffer();
    for (const model of [plain, windowed])
      await expect(edit(model, { photo: { bytes } })).rejects.toMatchObject({ code: "no_face" });
  });
});

test("a photo of the model's own size is edited exactly as without a window, bit for bit", async () => {
  const bytes = await sharp(portrait).resize(128, 128).png().toBuffer();
  const mask = await drawn({ left: 20, top: 40, width: 70, height: 33 }, 128, 128);
  for (const change of [{ photo: { bytes } }, { photo: { bytes }, mask }]) {
    const [here, there] = [await edit(windowed, change), await edit(plain, change)];
    expect(here.decoded).toEqual(there.decoded);
    expect(here.edited.rgb).toEqual(there.edited.rgb);
    expect(here.coverage).toBe(there.coverage);
  }
});

describe("the paper's invariants in a window that is not square", () => {
  const white = () => drawn({ left: 0, top: 0, width: WIDTH, height: HEIGHT });

  test("M = 0 with T = N is exactly decode(encode(window))", async () => {
    const { decoded, source, window } = await edit(windowed, {
      mask: await white(),
      structuring: STEPS,
      ablation: { mask: "none" },
    });
    expect(window).toEqual({
      part: { left: 0, top: 0, width: WIDTH, height: HEIGHT },
      size: { width: 128, height: 96 },
    });
    const grid = { rows: 12, columns: 16 };
    const latent = await windowed.encode(await toModel(source, window.part, window.size), grid);
    expect(decoded).toEqual(fromModel(await windowed.decode(latent, grid)));
  });

  test("M = 1 everywhere is the plain edit, bit for bit", async () => {
    const mask = await white();
    const masked = await edit(windowed, { mask });
    const free = await edit(windowed, { mask, ablation: { latent_fusion: false, value_fusion: false } });
    expect(masked.decoded).toEqual(free.decoded);
  });

  test.each(["the embedded model", "FLUX in small"])(
    "%s: paired gives the same as recording",
    async (name) => {
      const model = name === "FLUX in small" ? scaled : windowed;
      const mask = await drawn({ left: 300, top: 200, width: 60, height: 16 });
      const cached = await edit(model, { mask, ablation: { value_path: "cache" } });
      const { size } = cached.window;
      expect([size.width > size.height, size.width % model.unit, size.height % model.unit]).toEqual([
        true,
        0,
        0,
      ]);
      expectStitched(cached);
      const paired = await edit(model, { mask, ablation: { value_path: "paired" } });
      expect(furthest(cached.decoded, paired.decoded)).toBeLessThanOrEqual(1);
    },
  );
});

test("previews show the window in its place", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += 600;
    return now;
  });
  const previews: Preview[] = [];
  const request = requestOf({ mask: await drawn(ASIDE), schedule: scheduleSchema.parse({ steps: 6 }) });
  await editPortrait(windowed, request, { onPreview: (preview) => previews.push(preview) });
  clock.mockRestore();
  expect(previews.length).toBeGreaterThan(0);
  const source = (await decodePhoto(photo)).rgb;
  for (const { bytes, width, height } of previews) {
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    const shown = await sharp(bytes).raw().toBuffer();
    const difference = (rectangle: Rectangle) => {
      let sum = 0;
      for (let y = rectangle.top; y < rectangle.top + rectangle.height; y++)
        for (let x = rectangle.left; x < rectangle.left + rectangle.width; x++) {
          const at = 3 * (y * WIDTH + x);
          sum += Math.abs((shown[at] as number) - (source[at] as number));
        }
      return sum / (rectangle.width * rectangle.height);
    };
    expect(difference(ASIDE)).toBeGreaterThan(1.5 * difference({ ...ASIDE, left: 100 }));
    expect(difference(ASIDE)).toBeGreaterThan(1.5 * difference({ ...ASIDE, top: 250 }));
  }
});

test("a kept inversion is reused for every edit in its window and for none in another", async () => {
  const inversions = new InversionCache();
  // of the same size, so that only their place differs
  const [here, there] = [await drawn({ ...ASIDE, left: 120 }), await drawn({ ...ASIDE, left: 300 })];
  const changes: [Change, cached: boolean][] = [
    [{ mask: here }, false],
    [{ mask: there }, false],
    [{ mask: here, prompt: "a person with a beard" }, true],
    [{ mask: there, structuring: 2 }, true],
  ];
  for (const [change, cached] of changes) {
    const kept = await edit(windowed, { ...change, inversionScope: "tenant photo" }, inversions);
    expect(kept.inversionCached).toBe(cached);
    expect(kept.evaluations).toBe((cached ? 2 : 4) * STEPS);
    expect(kept.decoded).toEqual((await edit(windowed, change)).decoded);
  }
});
