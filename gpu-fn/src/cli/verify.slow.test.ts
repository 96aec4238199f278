import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSigner } from "../provenance/content-credentials.ts";
import { developmentChain } from "../provenance/development-chain.ts";
import { openMarker } from "../provenance/marker.ts";
import { portraitPhoto } from "../provenance/photo.fixture.ts";
import { encodeResult } from "../provenance/provenance.ts";
import { markKeyOf } from "../provenance/watermark/mark.ts";

const run = promisify(execFile);
const secret = "the secret of a deployment in a test";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-"));
  const chain = await developmentChain("a test");
  const marker = openMarker(markKeyOf(secret, 5));
  const { bytes } = await encodeResult(
    { signer: await openSigner(chain), marker },
    {
      output: { format: "webp", quality: 90 },
      provenance: { c2pa: true, watermark: true },
      photoSha256: "0123456789abcdef".repeat(4),
      model: { id: "mini", version: "7" },
      edited: await portraitPhoto(256),
      mask: null,
    },
  );
  await marker.close();
  await writeFile(join(folder, "root.pem"), chain.root);
  await writeFile(join(folder, "result.webp"), bytes);
  await writeFile(join(folder, "text.png"), "no picture");
}, 90_000);

afterAll(() => rm(folder, { recursive: true }));

/** Runs the command with only the given keys. */
const verify = (args: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, [join(import.meta.dirname, "verify.ts"), ...args], {
    cwd: folder,
    env: { STATE_DIR: join(folder, "none"), ...env },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

test("a result says who signed it, what was done, and whose mark it bears", async () => {
  const args = ["result.webp", "--anchors", "root.pem"];
  const { code, stdout } = await verify([...args, "--json"], { WATERMARK_SECRET: secret });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    credentials: { state: "trusted", actions: [{ action: "c2pa.opened" }, { action: "c2pa.edited" }] },
    watermark: { found: true, extent: "whole", version: 1, tag: 5 },
  });
  const verified = await verify(args);
  expect(verified.stdout).toContain("c2pa.edited (a part was made by a trained model)");
  expect(verified.stdout).toContain("watermark: not looked for");
});

test("a file that is missing or not a picture gives one line and exit code 2", async () => {
  for (const name of ["text.png", "missing.png"]) {
    const { code, stderr } = await verify([name]);
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
  }
});

test("the local installation's mark is found wherever the command is called from", async () => {
  const root = join(import.meta.dirname, "../../..");
  const state = await mkdtemp(join(root, ".state-of-a-test-"));
  try {
    await mkdir(join(state, "provenance"));
    await writeFile(join(state, "provenance/watermark-secret"), secret);
    const { stdout } = await verify(["result.webp", "--json"], { STATE_DIR: relative(root, state) });
    expect(JSON.parse(stdout).watermark).toMatchObject({ found: true });
  } finally {
    await rm(state, { recursive: true });
  }
});
