import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "flux-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Standard error of `npm run weights` with a hub that does not answer. */
function complaint(model: string): Promise<string> {
  const script = join(import.meta.dirname, "weights.ts");
  const args = [script, model, "--to", join(folder, model), "--hub", "http://127.0.0.1:1"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_error, _stdout, stderr) => resolve(stderr));
  });
}

test("whoever fetches FLUX.1-schnell reads that its edits keep less of a photo", async () => {
  const said = await complaint("flux-schnell");
  expect(said).toMatch(/^Apache License 2\.0\n.*four steps: inverting it loses much of a photo.*\nhttps/);
  expect(said).toMatch(/^error: the hub: /m);
});

test("FLUX.1-dev's terms are shown once, and nothing is fetched before they are agreed to", async () => {
  const said = await complaint("flux-dev");
  expect(said.match(/huggingface\.co/g)).toHaveLength(1);
  expect(said).toMatch(/^error: .+ nothing is downloaded before it is agreed to \(--accept-licence\)$/m);
});
