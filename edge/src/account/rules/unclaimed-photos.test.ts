import { expect, test } from "vitest";
import type { ImageTable } from "../tables/image.ts";
import { eraseUnclaimed, isPhotoFolder, photoFolder } from "./unclaimed-photos.ts";

test("every page of a folder is looked at", async () => {
  const folder = photoFolder("acct_a", 0);
  const pages = [["img_a", "img_b"], ["img_c"], ["img_d"]].map((ids) => ids.map((id) => folder + id));
  const deleted: string[] = [];
  const bucket = {
    list: async ({ prefix, cursor = "0" }: { prefix: string; cursor?: string }) => {
      expect(prefix).toBe(folder);
      const next = Number(cursor) + 1;
      const objects = (pages[Number(cursor)] ?? []).map((key) => ({ key }));
      return next < pages.length
        ? { objects, truncated: true, cursor: String(next) }
        : { objects, truncated: false };
    },
    delete: async (keys: string[]) => void deleted.push(...keys),
  } as unknown as R2Bucket;
  const images = { find: (id: string) => (id === "img_b" ? { key: folder + id } : null) } as ImageTable;
  await eraseUnclaimed(bucket, images, folder);
  expect(deleted).toEqual(["img_a", "img_c", "img_d"].map((id) => folder + id));
});

test("only a folder of photos is one: an edit's folder is erased whole", () => {
  expect(isPhotoFolder(photoFolder("acct_a", Date.now()))).toBe(true);
  for (const other of ["acct_a/edits/edit_1/", "acct_a/images/img_1", "acct_a/images/12/img_1"])
    expect(isPhotoFolder(other)).toBe(false);
});
