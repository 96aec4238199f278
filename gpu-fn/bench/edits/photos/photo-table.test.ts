import { expect, test } from "vitest";
import { labelsOf } from "./labels.ts";
import { inSquare, landmarksOf } from "./landmarks.ts";
import { parsePhotoTable } from "./photo-table.ts";

const CELEBA = "2\r\nMale Smiling Bangs \r\n000001.jpg -1  1 -1\r\n000002.jpg  1 -1  1\r\n";
const CSV = 'image_id,Male,"Smiling",Bangs\n000001.jpg,-1,1,-1\n000002.jpg,1,0,true\n';

test("CelebA's text and CSV of the same labels read alike, in the file's order", () => {
  const [text, csv] = [CELEBA, CSV].map((file) => labelsOf(parsePhotoTable(file, "labels"), "labels"));
  expect(text).toEqual(csv);
  expect([...(text?.keys() ?? [])]).toEqual(["000001.jpg", "000002.jpg"]);
  expect(Object.fromEntries(text?.get("000002.jpg") ?? [])).toEqual({
    Male: true,
    Smiling: false,
    Bangs: true,
  });
});

test("a file that is cut off, ragged, doubled or no table is refused with its place", () => {
  const refused = (text: string, line: string) =>
    expect(() => labelsOf(parsePhotoTable(text, "labels.txt"), "labels.txt")).toThrow(`labels.txt: ${line}`);
  refused(CELEBA.replace("2\r", "30000\r"), "it says 30000 photos and has 2");
  refused(CELEBA.replace(" -1  1\r\n", "\r\n"), "line 4: 1 values under 3 names");
  refused(CSV.replace("000002", "000001"), "line 3: 000001.jpg is there twice");
  refused(CSV.replace("true", "yes"), '000002.jpg has Bangs "yes"; labels are 1 and -1');
  refused("", "expected CelebA's text format");
  refused("name,Male\n", "it has no rows");
});

const POINTS = "lefteye righteye nose leftmouth rightmouth".split(" ").flatMap((p) => [`${p}_x`, `${p}_y`]);

test("landmarks are read by column name and move with the photo's square", () => {
  const table = parsePhotoTable(
    `1\n${POINTS.join(" ")}\n7.jpg 69 109 106 113 77 142 73 152 108 154\n`,
    "marks",
  );
  const face = landmarksOf(table, "marks").get("7.jpg");
  expect(face?.rightEye).toEqual([106, 113]);
  // a square of 100 at (60, 90) seen at 200: pixel 69 has its centre 9.5 pixels in, at 19 of 200
  const seen = face && inSquare(face, { left: 60, top: 90, width: 100, height: 100 }, 200);
  expect(seen?.leftEye).toEqual([18.5, 38.5]);
  expect(() => landmarksOf(parsePhotoTable("photo,lefteye_x\n7.jpg,1\n", "marks"), "marks")).toThrow(
    "marks: it needs the columns lefteye_x",
  );
  const csv = `photo,${POINTS.join(",")}\n7.jpg,1,2,3,4,five,6,7,8,9,10\n`;
  expect(() => landmarksOf(parsePhotoTable(csv, "marks"), "marks")).toThrow("a coordinate of 7.jpg is not");
});
