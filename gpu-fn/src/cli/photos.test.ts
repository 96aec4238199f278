import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findPhotos } from "./photos.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-photos-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]) => names.map((name) => join(folder, name));

test("lists files, folders and patterns in order, each photo once; an existing name is not a pattern", async () => {
  mkdirSync(join(folder, "deep"));
  for (const name of ["b.jpg", "A.PNG", "me[1].png", "a.edited.png", "notes.txt", "deep/c.webp"])
    writeFileSync(join(folder, name), "");
  expect(await findPhotos([folder])).toEqual(at("A.PNG", "b.jpg", "me[1].png"));
  expect(await findPhotos(at("me[1].png"))).toEqual(at("me[1].png"));
  expect(await findPhotos(at("a.edited.png"))).toEqual(at("a.edited.png"));
  expect(await findPhotos([...at("b.jpg", "**/*.{webp,jpg}"), folder])).toEqual(
    at("b.jpg", "deep/c.webp", "A.PNG", "me[1].png"),
  );
  await expect(findPhotos(at("deep", "deep/*.png"))).rejects.toThrow("no file matches");
});
