import { expect, test } from "vitest";
import { cellsOf, type Report, tableOf, withTable } from "./route-table.ts";

const report = (...tests: [title: string, status: string][]): Report => ({
  testResults: [{ assertionResults: tests.map(([title, status]) => ({ title, status })) }],
});

test("a passing test covers the cells it names; a failing one covers none, but its route is listed", () => {
  const cells = cellsOf(
    report(
      ["[POST /v1/edits · auth] no key", "passed"],
      ["[POST /v1/edits · rate limit] [GET /v1/edits · auth] both at once", "passed"],
      ["[DELETE /v1/edits/{id} · ownership] another's", "failed"],
      ["a test of something else", "passed"],
    ),
  );
  expect(tableOf(cells).split("\n")).toEqual([
    "| route | happy | auth | scope | idempotency | rate limit | validation | ownership |",
    "|---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|",
    "| `GET /v1/edits` | – | ✓ | – | – | – | – | – |",
    "| `POST /v1/edits` | – | ✓ | – | – | ✓ | – | – |",
    "| `DELETE /v1/edits/{id}` | – | – | – | – | – | – | – |",
  ]);
});

test("an unknown column is an error", () => {
  expect(() => cellsOf(report(["[GET / · speed] quick", "passed"]))).toThrow(
    "[GET / · speed]: the columns are",
  );
});

test("the table is replaced and the rest stays", () => {
  const text = "a\n<!-- made by npm run test:coverage-table -->\nold\n<!-- end of the table -->\nb\n";
  const renewed = withTable(text, "new");
  expect(renewed).toBe(text.replace("old", "new"));
  expect(withTable(renewed, "new")).toBe(renewed);
  expect(() => withTable("a\nb\n", "new")).toThrow("no place for the table");
});
