// The model sees a tilted head upright, and the edit is turned back into the photo.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { example, laidInto, movedTo, png } from "../faces/portraits.fixture.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { editPortrait } from "./edit.ts";

let model: Model;
beforeAll(async () => {
  model = await openModel(await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json")));
});
afterAll(() => model.release());

test("a tilted face gets lipstick on its lips, and no byte changes outside the mask", async () => {
  const portrait = await example(8);
  const part = { left: 120, top: 60, width: 400, height: 400, roll: 0.45 };
  const photo = laidInto(portrait, part, { width: 640, height: 520 });
  const { edited, source, mask, window, preservation } = await editPortrait(model, {
    photo: { bytes: await png(photo) },
    prompt: "a man with red lipstick",
    sourcePrompt: "a man",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({ steps: 8, structuring_steps: 2 }),
    composite: "paste-back",
  });
  expect(Math.abs((window.part.roll ?? 0) - 0.45)).toBeLessThan(0.1);
  const changed = mask.findIndex(
    (value, i) => value === 0 && [0, 1, 2].some((c) => edited.rgb[3 * i + c] !== source.rgb[3 * i + c]),
  );
  expect(changed).toBe(-1);
  // the middle of the lips, by eye
  const { x, y } = movedTo(part, portrait, { x: 252, y: 356 });
  const lips = 3 * (Math.round(y) * 640 + Math.round(x));
  const redder = (rgb: Uint8Array) => (rgb[lips] as number) - (rgb[lips + 1] as number);
  expect(redder(edited.rgb) - redder(source.rgb)).toBeGreaterThan(20);
  expect(preservation?.psnrOutsideDb).toBeGreaterThan(28);
});
