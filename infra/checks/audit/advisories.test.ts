import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { advisoriesOf, type Exceptions, exceptionsSchema, judge, reportSchema } from "./advisories.ts";

/** What npm 11 printed of this project for a registry with made-up advisories. */
const RECORDED = join(import.meta.dirname, "reports/three-advisories.json");

const advisories = advisoriesOf(reportSchema.parse(JSON.parse(readFileSync(RECORDED, "utf8"))));

const exception = (advisory: string, name: string, expires = "2027-01-31") => ({
  advisory,
  package: name,
  reason: "the archive it could be cheated with is never opened here",
  expires,
});

const TODAY = "2026-11-25";

test("a report's advisories are read once each, packages that depend on them left out", () => {
  expect(advisories.map(({ id, package: name, severity }) => [id, name, severity]).sort()).toEqual([
    ["GHSA-aaaa-bbbb-cccc", "unzipper", "high"],
    ["GHSA-dddd-eeee-ffff", "vite", "low"],
    ["GHSA-gggg-hhhh-jjjj", "vite", "critical"],
  ]);
});

test("without advisories nothing is open, and an exception has no effect", () => {
  const report = { auditReportVersion: 2, vulnerabilities: {}, metadata: { dependencies: { total: 1 } } };
  const none = advisoriesOf(reportSchema.parse(report));
  const exceptions = [exception("GHSA-aaaa-bbbb-cccc", "unzipper")];
  expect(judge(none, exceptions, TODAY)).toEqual({ open: [], excepted: [], unused: exceptions });
});

const openOf = (exceptions: Exceptions, today = TODAY) =>
  judge(advisories, exceptions, today).open.map(({ id, package: name, expired }) => [id, name, expired]);

test("an exception applies to its advisory in its package, up to its last day", () => {
  const mine = exception("GHSA-gggg-hhhh-jjjj", "vite");
  const rest = [
    ["GHSA-aaaa-bbbb-cccc", "unzipper", undefined],
    ["GHSA-dddd-eeee-ffff", "vite", undefined],
  ];
  expect(openOf([mine], mine.expires).sort()).toEqual(rest);
  expect(openOf([mine], "2027-02-01")).toContainEqual([mine.advisory, "vite", "2027-01-31"]);
  expect(openOf([{ ...mine, package: "vitest" }])).toHaveLength(3);
  expect(openOf([{ ...mine, advisory: "GHSA-gggg-hhhh-jjjk" }])).toHaveLength(3);
  const { excepted, unused } = judge(advisories, [mine, { ...mine, package: "vitest" }], TODAY);
  expect(excepted.map(({ id }) => id)).toEqual([mine.advisory]);
  expect(unused).toEqual([{ ...mine, package: "vitest" }]);
});

describe("an exception says all of it", () => {
  const good = exception("GHSA-aaaa-bbbb-cccc", "unzipper");
  const { expires: _, ...endless } = good;
  test.each([
    ["an id of elsewhere", { ...good, advisory: "CVE-2026-1" }],
    ["no reason", { ...good, reason: "fine" }],
    ["no last day", endless],
    ["a day that there is not", { ...good, expires: "2027-02-30" }],
    ["more than that", { ...good, note: "x" }],
  ])("%s", (_, wrong) => {
    expect(exceptionsSchema.safeParse([good]).success).toBe(true);
    expect(exceptionsSchema.safeParse([good, wrong]).success).toBe(false);
  });
});

test("another version of npm's report is refused, not read as empty", () => {
  expect(reportSchema.safeParse({ auditReportVersion: 3, vulnerabilities: {} }).success).toBe(false);
  expect(reportSchema.safeParse({ message: "405 Method Not Allowed" }).success).toBe(false);
});
