import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const HADOLINT = join(process.env.MODAL_VENV ?? "", "bin/hadolint");

const lint = (file: string, input?: string) =>
  spawnSync(HADOLINT, ["--no-color", file], { encoding: "utf8", ...(input === undefined ? {} : { input }) });

test("hadolint accepts the Dockerfile", () => {
  const { status, stdout } = lint(join(import.meta.dirname, "Dockerfile"));
  expect([status, stdout]).toEqual([0, ""]);
});

test("hadolint reports a bad Dockerfile", () => {
  const { status, stdout } = lint("-", "FROM node\nRUN cd /app && npm install\n");
  expect(status).toBe(1);
  expect(stdout).toContain("DL3006");
});
