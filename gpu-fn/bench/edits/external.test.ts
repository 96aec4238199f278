import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { drawCase, editCases } from "./cases.ts";
import type { Editor } from "./editor.ts";
import { drawnCases, exportCases } from "./export.ts";
import { openResults } from "./external.ts";

const SIDE = 128;
const cases = ["eyeglasses", "smile"].flatMap((name) => editCases(name, 99_000, 2));
const [first, second] = cases as [(typeof cases)[0], (typeof cases)[0]];

const folder = () => mkdtempSync(join(tmpdir(), "results-"));
async function put(into: string, path: string, image: Sharp): Promise<void> {
  mkdirSync(join(into, path, ".."), { recursive: true });
  writeFileSync(join(into, path), await image.toBuffer());
}
const plain = (width: number, height: number, background = "#c02040") =>
  sharp({ create: { width, height, channels: 3, background } });

test("another editor that answers each exported case with the truth gets the truth's own bytes judged", async () => {
  const out = folder();
  expect(await exportCases(out, drawnCases(cases, SIDE), SIDE)).toBe(cases.length);
  const lines = readFileSync(join(out, "cases.jsonl"), "utf8").trimEnd().split("\n");
  const tasks = lines.map((line) => JSON.parse(line));
  expect(tasks).toHaveLength(cases.length);
  const results = folder();
  for (const { truth, result } of tasks)
    await put(results, result, sharp(readFileSync(join(out, truth))).png());
  const editor: Editor = await openResults(results, cases, SIDE);
  for (const [i, edit] of cases.entries()) {
    const { attribute, seed, source_prompt, target_prompt, source, mask } = tasks[i];
    expect({ attribute, seed, source_prompt, target_prompt }).toEqual({
      attribute: edit.attribute,
      seed: edit.seed,
      source_prompt: edit.sourcePrompt,
      target_prompt: edit.targetPrompt,
    });
    const drawn = await drawCase(edit, SIDE);
    const exported = (file: string) => sharp(readFileSync(join(out, file)));
    expect(Buffer.compare(await exported(source).raw().toBuffer(), drawn.source)).toBe(0);
    expect(Buffer.compare(await exported(mask).extractChannel(0).raw().toBuffer(), drawn.region)).toBe(0);
    const { picture } = await editor.edit(edit, drawn);
    expect(Buffer.compare(picture, drawn.truth)).toBe(0);
  }
  expect((editor as Awaited<ReturnType<typeof openResults>>).notes).toEqual([]);
});

test("a photo's picture is found by its name, whatever the ending; another size is resized, with a note", async () => {
  const results = folder();
  await put(results, "Bangs/17.webp", plain(256, 256).webp({ lossless: true }));
  await put(results, "Bangs/18.JPG", plain(SIDE, SIDE).jpeg());
  const photos = ["17", "18"].map((photo) => ({ attribute: "Bangs", photo }));
  const { edit, notes, name } = await openResults(`${results}/`, photos, SIDE);
  expect(notes).toEqual([`${name}: 1 of 2 pictures are 256×256 and were resized to 128×128`]);
  const { picture } = await edit(photos[0] as (typeof photos)[0]);
  expect(picture).toHaveLength(3 * SIDE * SIDE);
  expect([...picture.subarray(0, 3)]).toEqual([0xc0, 0x20, 0x40]);
});

test("a picture that is turned by its orientation tag is read upright", async () => {
  const results = folder();
  const top = await plain(SIDE, SIDE / 2, "#ffffff")
    .png()
    .toBuffer();
  // Stored with white on top and marked "turn by 90° clockwise": upright, white is at the right.
  const stored = plain(SIDE, SIDE, "#000000").composite([{ input: top, left: 0, top: 0 }]);
  await put(results, "smile/1.png", stored.png().withMetadata({ orientation: 6 }));
  const { edit } = await openResults(results, [{ attribute: "smile", seed: 1 }], SIDE);
  const { picture } = await edit({ attribute: "smile", seed: 1 });
  const at = (x: number, y: number) => picture[3 * (y * SIDE + x)];
  expect([at(5, 64), at(122, 64)]).toEqual([0, 255]);
});

test("missing, misshapen, doubled and damaged pictures are refused before the first is judged, in one line", async () => {
  const results = folder();
  const open = () => openResults(results, [first, second], SIDE);
  await expect(open()).rejects.toThrow(
    `${results}: 2 of 2 pictures are missing, the first is ${first.attribute}/${first.seed}.png`,
  );
  await put(results, `${first.attribute}/${first.seed}.png`, plain(SIDE, SIDE).png());
  await put(results, `${second.attribute}/${second.seed}.png`, plain(160, SIDE).png());
  await expect(open()).rejects.toThrow("it is 160×128, the case's picture is square");
  await put(results, `${second.attribute}/${second.seed}.jpg`, plain(SIDE, SIDE).jpeg());
  await expect(open()).rejects.toThrow(`two pictures of ${second.attribute}/${second.seed}`);
  rmSync(join(results, second.attribute, `${second.seed}.png`));
  writeFileSync(join(results, second.attribute, `${second.seed}.jpg`), "no picture");
  await expect(open()).rejects.toThrow(`${second.seed}.jpg: the image cannot be decoded`);
});
