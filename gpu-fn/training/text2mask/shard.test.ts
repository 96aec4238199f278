import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REGIONS } from "./render.ts";
import { finished, refuseHeldOut, writeShard } from "./shard.ts";

describe("refuseHeldOut", () => {
  it.each([
    [8000, 1],
    [9999, 1],
    [7990, 11],
    [5000, 6000],
  ])("refuses %i + %i", (from, count) => {
    expect(() => refuseHeldOut(from, count)).toThrow(RangeError);
  });

  it.each([
    [0, 8000],
    [10_000, 5],
    [100_000, 30_000],
  ])("allows %i + %i", (from, count) => {
    expect(() => refuseHeldOut(from, count)).not.toThrow();
  });
});

describe("writeShard", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shard-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.each([
    { pairs: false, variations: 0, each: 1 },
    { pairs: true, variations: 0, each: 2 },
    { pairs: false, variations: 4, each: 5 },
  ])("writes images, masks and lines: %o", async ({ pairs, variations, each }) => {
    const job = { directory, index: 12, from: 700, count: 3, size: 32, pairs, variations };
    let ticks = 0;
    expect(finished(job)).toBe(false);
    await writeShard(job, () => ticks++);
    expect(finished(job)).toBe(true);
    expect(ticks).toBe(3);
    expect((await readdir(directory)).sort()).toEqual([
      "shard-000012.images",
      "shard-000012.jsonl",
      "shard-000012.masks",
    ]);
    expect((await stat(join(directory, "shard-000012.images"))).size).toBe(3 * 32 * 32 * 3 * each);
    expect((await stat(join(directory, "shard-000012.masks"))).size).toBe(3 * REGIONS.length * 32 * 32);
    const lines = (await readFile(join(directory, "shard-000012.jsonl"), "utf8")).trim().split("\n");
    const first = JSON.parse(lines[0] as string);
    expect(lines).toHaveLength(3);
    expect(first.seed).toBe(700);
    expect(first.captions).toHaveLength(8);
    expect(typeof first.labels.beard).toBe("number");
    if (pairs) expect(first.target_caption).toMatch(/^a /);
    if (variations > 0) expect(first.edits).toHaveLength(variations);
  });

  it("refuses held-out seeds", async () => {
    const job = { directory, index: 0, from: 8001, count: 1, size: 32, pairs: false, variations: 0 };
    await expect(writeShard(job, () => {})).rejects.toThrow(/held out/);
  });
});
