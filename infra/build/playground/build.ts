import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { globSync } from "tinyglobby";

const ROOT = join(import.meta.dirname, "../../..");
const SOURCE = join(ROOT, "edge/playground");
const PUBLIC = join(ROOT, "edge/public");

/** Where the build records its sources; beside them, so that it is not served. */
const STAMP = join(SOURCE, ".built");

/** All sources of the page. */
const INPUTS = [
  "edge/playground/{index.html,src/**,public/**}",
  "shared/*.ts",
  "shared/client/src/*.ts",
  "gpu-fn/examples/*.png",
  "infra/build/playground/*.ts",
  "package-lock.json",
];

/**
 * Builds the playground into `edge/public` if it is missing or older than its sources.
 * @returns whether it was built
 */
export async function ensurePlayground(): Promise<boolean> {
  const digest = inputDigest();
  const there = existsSync(join(PUBLIC, "index.html")) && existsSync(STAMP);
  if (there && readFileSync(STAMP, "utf8") === digest) return false;
  // loaded only if there is something to build: a start with everything in place loses no time
  const { writeExamples } = await import("./examples.ts");
  const folder = mkdtempSync(join(tmpdir(), "flux-playground-"));
  try {
    await bundle(folder);
    await writeExamples(join(folder, "examples"));
    install(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  writeFileSync(STAMP, digest);
  return true;
}

function inputDigest(): string {
  const hash = createHash("sha256");
  for (const file of globSync(INPUTS, { cwd: ROOT, ignore: "**/*.test.ts" }).sort())
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

async function bundle(outDir: string): Promise<void> {
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: SOURCE,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      assetsDir: "app",
      target: ["es2023", "chrome123", "firefox121", "safari17.5"],
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
  });
}

/** Puts the build in place: the page last, so that it never refers to a missing script. */
function install(folder: string): void {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const name of names.filter((file) => file !== "index.html"))
    cpSync(join(folder, name), join(PUBLIC, name));
  cpSync(join(folder, "index.html"), join(PUBLIC, ".index.html"));
  renameSync(join(PUBLIC, ".index.html"), join(PUBLIC, "index.html"));
  const app = join(PUBLIC, "app");
  for (const name of readdirSync(app)) if (!names.includes(join("app", name))) rmSync(join(app, name));
}
