// The guides at /docs: each page has its file, links resolve, codes and fields are the contract's own.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { GUIDES } from "../../../edge/src/routes/service/get-docs.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PROBLEM_STATUS } from "../../../shared/problem.ts";
import { CURRENT_VERSION } from "../../../shared/versions.ts";

const PUBLIC = join(import.meta.dirname, "../../../edge/public");
const read = (path: string) => readFileSync(join(PUBLIC, path), "utf8");
const names = globSync("docs/*.md", { cwd: PUBLIC }).map((path) => basename(path, ".md"));

test("there is a page for each guide, and a guide for each page", () => {
  expect(names.toSorted()).toEqual(Object.keys(GUIDES).toSorted());
  for (const [name, title] of Object.entries(GUIDES))
    expect(read(`docs/${name}.md`)).toMatch(new RegExp(`^# ${title}\n`));
});

test("llms.txt names every guide, and links resolve", () => {
  const text = read("llms.txt");
  for (const name of names) expect(text).toContain(`](/docs/${name}.md)`);
  for (const [, path = ""] of text.matchAll(/\]\((\/[^)]+)\)/g))
    expect(path === "/openapi.json" || existsSync(join(PUBLIC, path)), path).toBe(true);
});

test("the guide of errors has every code with its status", () => {
  const rows = [...read("docs/errors.md").matchAll(/^\| `(\w+)` \| ([\d, ]+) \|/gm)];
  const documented = Object.fromEntries(
    rows.map(([, code, statuses = ""]) => [code, statuses.split(", ").map(Number)]),
  );
  expect(Object.keys(documented).toSorted()).toEqual(
    Object.keys(PROBLEM_STATUS)
      .filter((code) => code !== "method_not_allowed")
      .toSorted(),
  );
  for (const [code, statuses] of Object.entries(documented))
    expect(statuses, code).toContain(PROBLEM_STATUS[code as keyof typeof PROBLEM_STATUS]);
});

test("the guide of masks has every option", () => {
  for (const name of Object.keys(maskOptionsSchema.unwrap().shape))
    expect(read("docs/masks.md")).toContain(`\`${name}\``);
});

test("the changelog has the current version", () => {
  expect(read("docs/versions.md")).toContain(`### ${CURRENT_VERSION}\n`);
});
