// 2,000 hostile inputs, the same in every run; `npm run fuzz` feeds as many others as one likes.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { campaign } from "./campaign.ts";
import { keepFind, readFinds } from "./finds.ts";
import { tableOf } from "./tally-table.ts";
import { must, type Target } from "./target.ts";
import { TARGETS } from "./targets/all.ts";

const CASES = 2_000;
const SEED = 20_261_125;

test.each(TARGETS.map(([target, share]) => ({ name: target.name, target, share })))(
  "$name: nothing but answers and refusals",
  async ({ target, share }) => {
    const { cases, accepted, refused, crashes } = await campaign(target, {
      seed: SEED,
      cases: CASES * share,
    });
    expect(crashes.map(({ seed, reason }) => `case ${seed}: ${reason}`)).toEqual([]);
    expect(accepted + refused).toBe(cases);
    // inputs that are all refused at once would test the first check alone
    expect(Math.min(accepted, refused)).toBeGreaterThan(0);
  },
);

test("the shares of all targets add up to one", () => {
  expect(TARGETS.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 10);
});

/** Code with a fault: every other number brings it down. */
const faulty = (limitMs: number, fault: () => void): Target => ({
  name: "faulty",
  limitMs,
  make: async (seed) => Uint8Array.from({ length: 8 }, (_, i) => (seed >> i) & 0xff),
  feed: async (bytes) => {
    if (((bytes[0] ?? 0) & 1) !== 0) fault();
    bytes.fill(0);
    return "accepted";
  },
});

const RANGE = { seed: 0, cases: 512 };

test("a wrong error, a broken rule and a slow answer are crashes; the case's number reproduces the input", async () => {
  const faults: [() => void, string][] = [
    [() => JSON.parse("{"), "SyntaxError"],
    [() => must(false, "one is one"), "Violation: one is one"],
    [
      () => {
        const begun = process.cpuUsage().user;
        while (process.cpuUsage().user - begun < 12_000);
      },
      "of 10",
    ],
  ];
  for (const [fault, reason] of faults) {
    const target = faulty(10, fault);
    const { crashes, accepted } = await campaign(target, { seed: 256, cases: 8 });
    expect([crashes.length, accepted]).toEqual([4, 4]);
    for (const crash of crashes) {
      expect(crash.reason).toContain(reason);
      expect(await target.make(crash.seed)).toEqual(crash.bytes);
    }
  }
});

test("a run continued by its seed equals a single run", async () => {
  const target = faulty(1_000, () => must(false, "no"));
  const whole = await campaign(target, RANGE);
  const first = await campaign(target, { ...RANGE, cases: 300 });
  const second = await campaign(target, { seed: 300, cases: 212 });
  expect([...first.crashes, ...second.crashes]).toEqual(whole.crashes);
  expect(whole.crashes.length).toBeGreaterThan(0);
});

test("no case starts after the time is up", async () => {
  const { cases } = await campaign(
    faulty(1_000, () => undefined),
    { ...RANGE, until: Date.now() - 1 },
  );
  expect(cases).toBe(0);
});

test("a find is one file, however often it is found, and is read back unchanged", () => {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 7);
  expect(keepFind(folder, "inspect", bytes)).toBe(keepFind(folder, "inspect", bytes));
  keepFind(folder, "body", new Uint8Array());
  const found = readFinds(folder);
  expect(found.map(({ target, bytes: { length } }) => [target, length])).toEqual([
    ["body", 0],
    ["inspect", 1_000],
  ]);
  expect(found[1]?.bytes).toEqual(bytes);
});

test("the table counts each target, and the total", () => {
  const crash = { seed: 1, reason: "no", bytes: new Uint8Array() };
  const rows = tableOf([
    { target: "a", cases: 3, accepted: 1, refused: 2, crashes: [], slowestMs: 1.4 },
    { target: "b", cases: 4, accepted: 0, refused: 3, crashes: [crash], slowestMs: 8.6 },
  ]).split("\n");
  expect(rows.slice(2)).toEqual([
    "| a | 3 | 1 | 2 | 0 | 1 |",
    "| b | 4 | 0 | 3 | 1 | 9 |",
    "| all | 7 | 1 | 5 | 1 | 9 |",
  ]);
});
