import { expect, test } from "vitest";
import { prune } from "./prune.ts";

function entry(kind: number, architecture: number, payload: string): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt16LE(kind, 0);
  header.writeUInt32LE(header.length, 4);
  header.writeBigUInt64LE(BigInt(payload.length), 8);
  header.writeUInt32LE(architecture, 28);
  return Buffer.concat([header, Buffer.from(payload)]);
}

function binary(...entries: Buffer[]): Buffer {
  const body = Buffer.concat(entries);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xba55ed50, 0);
  header.writeUInt16LE(1, 4);
  header.writeUInt16LE(16, 6);
  header.writeBigUInt64LE(BigInt(body.length), 8);
  return Buffer.concat([header, body]);
}

test("keeps the architecture's machine code, zeroes every other payload, and moves nothing", () => {
  const library = Buffer.concat([
    Buffer.from("ELF and text "),
    binary(entry(2, 80, "eighty"), entry(2, 90, "ninety"), entry(1, 90, "text of ninety")),
    Buffer.from("between"),
    binary(entry(2, 120, "newer"), entry(2, 90, "ninety too")),
    Buffer.from("the end"),
  ]);
  const { length } = library;
  const erased = "eighty".length + "text of ninety".length + "newer".length;
  expect(prune(library, 90)).toEqual({ binaries: 2, kept: "ninety".length + "ninety too".length, erased });
  expect(library).toHaveLength(length);
  const text = library.toString("latin1");
  for (const stays of ["ELF and text", "ninety", "between", "ninety too", "the end"])
    expect(text).toContain(stays);
  for (const goes of ["eighty", "text of ninety", "newer"]) expect(text).not.toContain(goes);
});

test("leaves the same four bytes in other data alone", () => {
  const magic = binary().subarray(0, 4);
  const torn = binary(entry(2, 80, "eighty")).subarray(0, 40);
  const library = Buffer.concat([magic, Buffer.from(" is no binary "), torn]);
  const before = Buffer.from(library);
  expect(prune(library, 90)).toEqual({ binaries: 0, kept: 0, erased: 0 });
  expect(library).toEqual(before);
});
