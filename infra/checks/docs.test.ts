// The guides are consistent: links resolve, linked headings exist, and commands name existing scripts.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = ["*.md", "edge/*.md", "{edge/docs,infra,gpu-fn/{bench,docs,models,training}}/**/*.md"]
  .flatMap((pattern) => globSync(join(ROOT, pattern)))
  .filter((page) => !page.includes("node_modules"));

/** Separates a page's prose from its code: a link in code does not count. */
const proseOf = (text: string) =>
  text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ""));

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (page: string) =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

test.each(PAGES.map((page) => [relative(ROOT, page), page]))("%s", (_, page) => {
  const text = readFileSync(page, "utf8");
  for (const [, target = ""] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? page : join(dirname(page), file);
    expect(existsSync(path), target).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(path), target).toContain(anchor);
  }
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const [, name] of text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g))
    expect(Object.keys(scripts)).toContain(name);
  for (const [, path = ""] of text.matchAll(/node infra\/run\.mjs (\S+\.ts)/g))
    expect(existsSync(join(ROOT, path)), path).toBe(true);
});

test("the pictures of the pages are small", () => {
  const bytes = globSync(join(ROOT, "edge/docs/pictures/*")).map((file) => statSync(file).size);
  expect(bytes.length).toBeGreaterThan(2);
  expect(Math.max(...bytes)).toBeLessThan(125_000);
});
