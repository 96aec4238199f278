// The deployment page can be followed from its first line to its last: every command exists, and what a step needs comes before it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "edge/docs/deployment.md"), "utf8");
const SHELL = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines).join("");

test("every script and every file that it names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const named = [...PAGE.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const files = [...PAGE.matchAll(/(?:infra|gpu-fn|edge)\/[\w./-]+\.(?:ts|py|png)/g)].map(([path]) => path);
  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

/** What must come first, and what needs it. */
test.each([
  ["npm ci", "npm test"],
  ["cat > production.env", ". ./production.env"],
  [". ./production.env", 'GPU_SECRET="$GPU_SECRET"'],
  ["modal setup", "modal secret create"],
  ["export GPU_MODEL=", "fetch_weights"],
  ["modal secret create flux-sculptor-weights", "fetch_weights"],
  ["fetch_weights", "npm run deploy:gpu"],
  ["npm run deploy:gpu", "npm run gpu:warm"],
  ["npm run gpu:warm  ", "npm run gpu:warm -- 0"],
  ["npm run gpu:warm", "npm run deploy -- --secrets-file"],
  ["wrangler login", "npm run deploy -- --secrets-file"],
  ["npm run deploy -- --dry-run", "npm run deploy -- --secrets-file"],
  ["npm run deploy -- --secrets-file", "admin /v1/accounts "],
  [". ./production.env", "$ADMIN_KEY"],
])("%s comes before %s", (first, then) => {
  expect(SHELL).toContain(first);
  expect(SHELL.indexOf(then)).toBeGreaterThan(SHELL.indexOf(first));
});

test("every secret that a deployment on Modal cannot do without is named before the GPU function", () => {
  const [secrets = ""] = PAGE.split("## 3.");
  for (const name of ["SIGNING_SECRET", "GPU_SECRET", "ADMIN_KEY", "MODAL_KEY", "MODAL_SECRET"])
    expect(secrets).toContain(`\`${name}\``);
});
