// The threat model names a test for each defence, and the tests exist.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./project.ts";

const page = readFileSync(join(ROOT, "edge/docs/threat-model.md"), "utf8");

/** The rows of a section's tables, each by its cells. */
const rowsOf = (section: string) =>
  section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| attack |"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.trim()),
    );

const [, answered = ""] = page.split("\n## Attacks and answers\n");
const rows = rowsOf(answered.split("\n## ")[0] ?? "");

test.each(rows.map((cells) => [cells[0], cells] as const))("%s", (_, cells) => {
  expect(cells).toHaveLength(3);
  const files = [...(cells[2] ?? "").matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(file).toMatch(/\.(?:test|spec)\.ts$/);
    expect(existsSync(join(ROOT, file)), file).toBe(true);
  }
});

test("every border has attacks, and what is not answered is said", () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const heading of ["Assets", "Borders", "Attackers", "What nothing answers"])
    expect(page).toMatch(new RegExp(`^## ${heading}$`, "m"));
});
