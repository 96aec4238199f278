import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensurePlayground } from "../../../infra/build/playground/build.ts";
import { openAccount } from "../../../infra/local/account.ts";
import { freePort } from "../../../infra/local/ports.ts";
import { startStack } from "../../../infra/local/stack.ts";
import { openState } from "../../../infra/local/state.ts";
import { MOCK } from "../../../infra/local/upstash/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
    apiKey: string;
  }
}

/** Worker, GPU function with the embedded model and gateway, as `npm start` has them, on a state of their own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await ensurePlayground();
  const folder = mkdtempSync(join(tmpdir(), "flux-browser-"));
  const state = openState(folder);
  const stack = await startStack({
    state,
    port: await freePort(),
    redisServer: MOCK,
    // a browser keeps a small machine busy: a part that is slow then is not to be ended for it
    patienceMs: 120_000,
    say: () => undefined,
  });
  try {
    await stack.workerUp();
    provide("url", stack.url);
    provide("apiKey", await openAccount(stack.url, state));
    await stack.gpuReady();
  } catch (error) {
    await stack.stop(); // the logs stay: the error says where
    throw error;
  }
  return async () => {
    await stack.stop();
    rmSync(folder, { recursive: true });
  };
}
