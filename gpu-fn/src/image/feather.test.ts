import { expect, test } from "vitest";
import { feathered } from "./feather.ts";
import type { Grey, Rectangle } from "./picture.ts";

function block(width: number, height: number, box: Rectangle): Grey {
  const data = new Uint8Array(width * height);
  for (let y = box.top; y < box.top + box.height; y++)
    data.fill(255, y * width + box.left, y * width + box.left + box.width);
  return { width, height, data };
}

/** Smallest value inside a box. */
function least({ width, data }: Grey, { left, top, width: across, height }: Rectangle): number {
  let lowest = 255;
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + across; x++) lowest = Math.min(lowest, data[y * width + x] as number);
  return lowest;
}

test.each([
  ["an eyebrow of 120 × 24 in 1024²", 1024, 1024, { left: 400, top: 300, width: 120, height: 24 }],
  ["one of 160 × 40 in 6000 × 4000", 6000, 4000, { left: 3000, top: 1500, width: 160, height: 40 }],
  ["a stroke of 1 × 300", 1024, 1024, { left: 600, top: 100, width: 1, height: 300 }],
])("%s is pasted whole", async (_, width, height, box) => {
  for (const fraction of [0.01, 0.02, 0.1]) {
    const soft = await feathered(block(width, height, box), fraction);
    expect(least(soft, box)).toBeGreaterThan(0.95 * 255);
  }
});

test("the edge's width is proportional to the region's size, and it falls off evenly outside", async () => {
  const reach = async (side: number) => {
    const grey = block(1000, 1000, { left: 400, top: 400, width: side, height: side });
    const { data } = await feathered(grey, 0.02);
    const row = data.subarray((400 + side / 2) * 1000, (400 + side / 2) * 1000 + 400);
    for (let x = 1; x < 400; x++) expect(row[x]).toBeGreaterThanOrEqual(row[x - 1] as number);
    return row.reduce((count, value) => count + Number(value > 0), 0);
  };
  const [small, large] = [await reach(100), await reach(400)];
  expect(large / small).toBeGreaterThan(3);
  expect(large / small).toBeLessThan(5);
});

test("no feather changes nothing, and an empty mask stays empty", async () => {
  const grey = block(64, 64, { left: 10, top: 10, width: 20, height: 20 });
  expect(await feathered(grey, 0)).toBe(grey);
  const empty = { width: 64, height: 64, data: new Uint8Array(64 * 64) };
  expect(await feathered(empty, 0.1)).toBe(empty);
});
