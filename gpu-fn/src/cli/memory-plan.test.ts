import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

function plan(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, "memory-plan.ts"), ...args],
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test("plans FLUX.1-dev on 80 GiB with the paper's schedule", async () => {
  const { code, stdout } = await plan("flux-dev", "--gpu", "80");
  expect(code).toBe(0);
  expect(stdout).toContain("plan: cuda, bfloat16, V paired, m = 18");
  // V at 1024² by m: 1, 9, 18, 38
  expect(stdout).toMatch(/1024×1024 +1\.36 +12\.23 +24\.46 +51\.64/);
  expect(stdout).toMatch(/512×512 +0\.34 +3\.06 +6\.12 +12\.91/);
  // K and V of 57 blocks by preset: 60, 21 and 10 evaluations of 0.72 and 2.87 GB
  expect(stdout).toMatch(/512×512 +43\.03 +15\.06 +7\.17/);
  expect(stdout).toMatch(/1024×1024 +172\.13 +60\.25 +28\.69/);
});

test("a solver with half the evaluations keeps half of V", async () => {
  const { stdout } = await plan("flux-dev", "--solver", "euler", "--coverage", "0.2");
  expect(stdout).toMatch(/V of 27 evaluations in GB, by size and m\n/);
  expect(stdout).toMatch(/1024×1024 +0\.68 +6\.12 +12\.23/);
  expect(stdout).toMatch(/80 % outside of a hard mask alone[\s\S]*1024×1024 +0\.54 +4\.89 +9\.78/);
});

test("a model that does not fit ends with 1, invalid options with 2", async () => {
  const small = await plan("flux-dev", "--gpu", "12");
  expect([small.code, small.stdout]).toEqual([1, expect.stringContaining("it does not fit")]);
  expect(await plan("flux-dev", "--blocks", "39")).toMatchObject({
    code: 2,
    stderr: "error: the model has 38 blocks\n",
  });
  expect(await plan("flux-dev", "--structuring", "31")).toMatchObject({ code: 2 });
});
