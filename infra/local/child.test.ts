import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { type Child, startChild } from "./child.ts";

/** A shell that starts a long-running grandchild and prints its process id. */
const FAMILY = ["-c", "sleep 300 & echo $!; wait"];

async function firstLine(child: Child): Promise<string> {
  const [line] = await once(createInterface(child.output), "line");
  return String(line);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // a zombie counts as dead
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

it("ends all descendants when the parent ends, even by SIGKILL", async () => {
  const script = `
    import { startChild } from ${JSON.stringify(join(import.meta.dirname, "child.ts"))};
    startChild({ command: "sh", args: ${JSON.stringify(FAMILY)} }).output.pipe(process.stdout);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  const [line] = await once(createInterface(parent.stdout), "line");
  const grandchild = Number(line);
  expect(isAlive(grandchild)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(grandchild), { timeout: 10_000 }).toBe(false);
});

it("leaves no process of a group whose command was killed", async () => {
  const child = startChild({ command: "sh", args: ["-c", "sleep 300 & echo $!; kill -KILL $$"] });
  const grandchild = Number(await firstLine(child));
  await child.ended;
  expect(isAlive(grandchild)).toBe(false);
});

it("ends processes that ignore SIGTERM or are stopped", async () => {
  const deaf = startChild({
    command: "sh",
    args: ["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
  });
  expect(await firstLine(deaf)).toBe("ready");
  process.kill(-deaf.pid, "SIGSTOP");
  await deaf.stop(300);
  expect(isAlive(deaf.pid)).toBe(false);
});

it("returns the exit status and writes both outputs to the log", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-child-"));
  const log = join(folder, "log");
  const child = startChild({ command: "sh", args: ["-c", "echo out; echo err >&2; exit 7"], log });
  expect(await child.ended).toBe(7);
  await expect.poll(() => readFileSync(log, "utf8").split("\n").sort()).toEqual(["", "err", "out"]);
  rmSync(folder, { recursive: true });
});
