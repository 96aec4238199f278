import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
const ENTRY = "edge/test/chaos/index.ts";

/** Bundles the worker with fault injection into a folder. Throws wrangler's error if it does not build. */
export function bundleDisturbed(folder: string): void {
  execFileSync(process.execPath, [WRANGLER, "deploy", ENTRY, "--dry-run", "--outdir", folder], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
}
