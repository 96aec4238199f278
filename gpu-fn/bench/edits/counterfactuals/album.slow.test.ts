import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleSchema } from "../../../../shared/schedule.ts";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { type Model, openModel } from "../../../src/model/model.ts";
import { drawCase, type EditCase, editCases } from "../cases.ts";
import { methodEditors } from "../editors.ts";
import { openJudge } from "../judge.ts";
import { FINE } from "../result-pictures.ts";
import { PUBLISHED } from "../variants.ts";
import { type Album, goneName, openAlbum } from "./album.ts";
import type { TruePhoto } from "./truths.ts";

const folder = mkdtempSync(join(tmpdir(), "album-"));
let model: Model;
let album: Album;

/** A render that stands for a photo, framed as the model sees it whole. */
async function truePhoto(edit: EditCase): Promise<TruePhoto> {
  const { file, source, truth } = await drawCase(edit, FINE);
  const path = join(folder, `${edit.seed}.png`);
  writeFileSync(path, file);
  const pixels = FINE * FINE;
  const differs = (i: number) => [0, 1, 2].some((c) => source[3 * i + c] !== truth[3 * i + c]);
  return {
    path,
    edits: [
      { name: edit.attribute, region: edit.region, words: ["wearing glasses"], without: ["without glasses"] },
    ],
    square: { left: 0, top: 0, width: FINE, height: FINE },
    landmarks: {
      leftEye: [96, 110],
      rightEye: [160, 110],
      nose: [128, 150],
      leftMouth: [105, 180],
      rightMouth: [150, 180],
    },
    side: FINE,
    before: source,
    after: truth,
    mask: Uint8Array.from({ length: pixels }, (_, i) => (differs(i) ? 255 : 0)),
  };
}

beforeAll(async () => {
  model = await openModel(
    await readManifest(join(import.meta.dirname, "../../../models/mini/manifest.json")),
  );
  const photo = await truePhoto(editCases("eyeglasses", 99_300, 1)[0] as EditCase);
  // renders stand for photos
  const judge = {
    ...(await openJudge("drawings")),
    balancedAccuracy: { eyeglasses: 1, hair_colour: 1, beard: 1 },
  };
  album = await openAlbum([photo], model, { judge }, null);
});
afterAll(async () => {
  await model.release();
  rmSync(folder, { recursive: true });
});

const schedule = scheduleSchema.parse({ steps: 2, structuring_steps: 1 });

test("the truth as the answer is found and loses nothing; an edit delivers the photo beyond its mask", async () => {
  const [subject] = album.cases("eyeglasses", 4);
  const opened = await subject?.open();
  const { drawn, judge, edit } = opened as NonNullable<typeof opened>;
  const perfect = await judge({ picture: drawn.truth });
  expect(perfect.delivered).toMatchObject({ found: true, psnr_inside_db: Number.POSITIVE_INFINITY });
  expect(perfect.do_nothing).toMatchObject({ found: false, psnr_outside_db: 100 });
  expect(perfect.delivered.preserved.of).toBeGreaterThan(3);

  const [editor] = methodEditors(model, PUBLISHED, () => schedule);
  const edited = await editor?.edit(edit, drawn);
  expect(edited?.fine?.picture).toHaveLength(3 * FINE * FINE);
  const judged = await judge(edited as NonNullable<typeof edited>);
  expect(judged.pasted_differing).toBe(0);
  expect(judged.delivered.seam).toBeGreaterThan(0);
  expect(judged.delivered.psnr_outside_db).toBeGreaterThan(judged.edited.psnr_outside_db);
});

test("taken away again, the drawn photo is sent and the photo is the truth", async () => {
  const [subject] = album.removals("eyeglasses", 1);
  expect(subject?.edit).toMatchObject({
    attribute: goneName("eyeglasses"),
    targetPrompt: "a person without glasses",
  });
  const opened = await subject?.open();
  const { drawn, judge } = opened as NonNullable<typeof opened>;
  const perfect = await judge({ picture: drawn.truth });
  expect(perfect.delivered).toMatchObject({ found: true });
  expect(perfect.do_nothing).toMatchObject({ found: false });
});
