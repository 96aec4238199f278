import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder for all processes of a run of tests; whatever a test leaves in it goes with the run. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-tests-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
