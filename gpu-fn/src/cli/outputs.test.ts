import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPicture } from "./files.ts";
import { planOutputs } from "./outputs.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-outputs-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "other"));

const at = (...names: string[]) => names.map((name) => join(folder, name));
const images = async (photos: string[], out?: string) =>
  (await planOutputs(photos, out === undefined ? {} : { out })).map(({ image }) => basename(image));

test("photos with the same name get distinct results: by extension, or by a number if that is the same", async () => {
  expect(await images(at("me.jpg", "you.png", "me.png"))).toEqual([
    "me.jpg.edited.png",
    "you.edited.png",
    "me.png.edited.png",
  ]);
  expect(await images(at("me.png", "other/me.png"))).toEqual(["me.edited.png", "me.edited.png"]);
  expect(await images(at("me.png", "other/me.png", "me.jpg"), join(folder, "made"))).toEqual([
    "me.png.edited.png",
    "me.png-2.edited.png",
    "me.jpg.edited.png",
  ]);
});

test("HEIC is recognised by its content and refused with advice on converting it; AVIF is read", async () => {
  const box = (major: string, ...compatible: string[]) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 16 + 4 * compatible.length]),
      Buffer.from(`ftyp${major}\0\0\0\0${compatible.join("")}`),
    ]);
  const [photo, generic, avif] = at("IMG_1.HEIC", "IMG_2.jpg", "a.avif") as [string, string, string];
  writeFileSync(photo, box("heic", "mif1"));
  writeFileSync(generic, box("mif1", "mif1", "heic"));
  writeFileSync(avif, box("avif", "mif1", "miaf"));
  await expect(readPicture(photo)).rejects.toThrow("sips -s format jpeg IMG_1.HEIC --out IMG_1.jpg");
  await expect(readPicture(generic)).rejects.toThrow("is HEIC");
  expect((await readPicture(avif)).bytes.length).toBeGreaterThan(0);
});
