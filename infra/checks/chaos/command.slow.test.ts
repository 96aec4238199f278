import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { descendantsOf, stillAlive } from "../../local/start.fixture.ts";

const COMMAND = join(import.meta.dirname, "./main.ts");

const run = (...args: string[]) => spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });

test("stories are listed, and an unknown name is refused in one line", () => {
  const listed = run("--list", "--only", "Upstash answers");
  expect(listed.status).toBe(0);
  expect(listed.stdout.trim().split("\n")).toContain("Upstash answers 500");
  const wrong = run("--only", "no such story");
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/error: no story matches; --list shows all/);
  expect(run("--seed", "x").status).not.toBe(0);
});

test("Ctrl-C leaves no process behind", { timeout: 120_000 }, async () => {
  const args = [COMMAND, "--histories", "0", "--only", "the GPU function's clock is a minute ahead"];
  const command = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const pid = command.pid ?? 0;
  createInterface(command.stdout).on("line", () => {});
  await expect.poll(() => descendantsOf(pid).length, { timeout: 60_000 }).toBeGreaterThan(6);
  const family = descendantsOf(pid);
  command.kill("SIGINT");
  const [status] = await once(command, "exit");
  expect(status).toBe(130);
  await expect.poll(() => stillAlive(family), { timeout: 15_000 }).toEqual([]);
});
