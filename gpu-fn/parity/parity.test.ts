import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findCases } from "./case.ts";
import { CHECKS } from "./checks.ts";
import { outcomeOf } from "./outcome.ts";

const cases = fileURLToPath(new URL("./cases", import.meta.url));
const main = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("the engine agrees with the independent implementation in make_cases", () => {
  test.each(findCases([cases]).map((folder) => basename(folder)))("%s", async (name) => {
    expect(await outcomeOf(join(cases, name))).toMatchObject({ state: "ok" });
  });

  test("every kind has a case, except those whose graph another kind covers", () => {
    const kinds = findCases([cases]).map((folder) => basename(folder));
    const named = ["flux_diffusers", "ae_diffusers"];
    expect(
      Object.keys(CHECKS)
        .filter((kind) => !named.includes(kind))
        .sort(),
    ).toEqual(kinds.sort());
  });
});

function run(...folders: string[]): Promise<{ status: number; lines: string[]; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...folders], (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), lines: stdout.trim().split("\n"), errors: stderr });
    });
  });
}

/** A copy of a case, to be damaged. */
function copyOf(name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), "parity-")), name);
  cpSync(join(cases, name), folder, { recursive: true });
  return folder;
}

describe("the command", () => {
  test("exits with 0 for a matching case, with the JSON as its last line", async () => {
    const { status, lines } = await run(join(cases, "clip_text"));
    expect(status).toBe(0);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ cases: 1, failed: 0 });
  });

  test("exits with 1 for a differing case", async () => {
    const folder = copyOf("schedules");
    const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    config.items[1].timesteps[2] += 1e-5;
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const { status, lines } = await run(folder, join(cases, "clip_text"));
    expect(status).toBe(1);
    const summary = JSON.parse(lines.at(-1) ?? "");
    expect(summary).toMatchObject({ cases: 2, failed: 1 });
    expect(summary.worst).toBeCloseTo(1e-5, 6);
  });

  test("exits with 2 and one line for an unknown kind, a missing file and a missing folder", async () => {
    const unknown = copyOf("schedules");
    writeFileSync(join(unknown, "config.json"), '{"kind":"toString"}');
    const missing = copyOf("clip_text");
    rmSync(join(missing, "weights.safetensors"));
    const runs = await Promise.all([run(unknown), run(missing), run("/nonexistent")]);
    expect(runs.map(({ status }) => status)).toEqual([2, 2, 2]);
    expect(runs[0]?.errors).toMatch(/^.*unknown kind "toString"\n$/);
    expect(runs[1]?.errors).toMatch(/^.*weights.safetensors: no such file\n$/);
    expect(runs[2]?.errors).toMatch(/^error: \/nonexistent: no such folder\n$/);
  });
});
