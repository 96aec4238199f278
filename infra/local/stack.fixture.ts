import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Edit } from "../../shared/edit.ts";
import { openAccount } from "./account.ts";
import { Client } from "./client.fixture.ts";
import { freePort } from "./ports.ts";
import { type PartName, type Stack, startStack } from "./stack.ts";
import { openState } from "./state.ts";

/** The real parts on a separate state, with a client and ways to break the parts. */
export interface BreakableStack {
  readonly client: Client;
  /** The client's secret key. */
  readonly key: string;
  readonly stack: Stack;
  /** Folder with the parts' logs. */
  readonly logs: string;
  /** Signals every process of a part. */
  signal(part: PartName, name: "SIGKILL" | "SIGSTOP" | "SIGTERM"): void;
  /** Breaks something while one edit runs and another waits. @returns how the running one ended */
  breakDuring(act: () => void): Promise<Edit["status"]>;
  /** Kills the GPU function whenever an edit runs, as a poisoned input would. @returns how it ended, and how often it ran */
  poisoned(): Promise<{ edit: Edit; runs: number }>;
  /** What must hold whatever broke: no credits are held, every credit is accounted for, and the next edit works. */
  expectWhole(): Promise<void>;
  stop(): Promise<void>;
}

/** Long enough to be interrupted in the middle. */
const STEPS = 60;
const SHORT = 4;

export async function startBreakable(redisServer?: string): Promise<BreakableStack> {
  const folder = mkdtempSync(join(tmpdir(), "flux-kill-"));
  const state = openState(folder);
  const said: string[] = [];
  const stack = await startStack({
    state,
    port: await freePort(),
    redisServer,
    say: (line) => said.push(line),
  });
  await stack.workerUp();
  const key = await openAccount(stack.url, state);
  const client = new Client(stack.url, key);
  await stack.gpuReady();
  const { balance: initial } = await client.account();
  let spent = 0;

  return {
    client,
    key,
    stack,
    logs: state.logs,
    signal: (part, name) => process.kill(-stack.parts[part].pid(), name),
    breakDuring: async (act) => {
      const { id } = await client.accepted(STEPS);
      const { id: behind } = await client.accepted(SHORT);
      await client.running(id);
      act();
      const [hit, waited] = await Promise.all([client.settled(id), client.settled(behind)]);
      for (const { status, usage } of [hit, waited]) {
        expect(["succeeded", "failed"]).toContain(status);
        if (status === "succeeded") spent += usage.credits;
      }
      return hit.status;
    },
    poisoned: async () => {
      const { id } = await client.accepted(STEPS);
      for (let runs = 0; ; runs++) {
        const edit = await client.running(id);
        if (edit.status !== "running") return { edit, runs };
        process.kill(-stack.parts.gpu.pid(), "SIGKILL");
        await client.stopped(id);
      }
    },
    expectWhole: async () => {
      const answer = await client.accepted(SHORT);
      const next = await client.settled(answer.id);
      expect(next.error).toBeNull();
      expect(next.status).toBe("succeeded");
      spent += next.usage.credits;
      expect(await client.account()).toMatchObject({ balance: initial - spent, held: 0 });
    },
    stop: async () => {
      await stack.stop();
      if (process.env.KEEP_LOGS !== undefined) {
        process.stderr.write(`${said.join("\n")}\n`);
        for (const file of readdirSync(state.logs).filter((name) => name.endsWith(".log")))
          process.stderr.write(`── ${file}\n${readFileSync(join(state.logs, file), "utf8")}\n`);
      }
      rmSync(folder, { recursive: true });
    },
  };
}
