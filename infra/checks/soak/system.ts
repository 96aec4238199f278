import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../../../shared/client/src/index.ts";
import type { Id } from "../../../shared/ids.ts";
import { Admin } from "../../local/admin.ts";
import { freePort } from "../../local/ports.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { openState } from "../../local/state.ts";
import { Customer } from "./customer.ts";
import type { Http } from "./http.ts";
import type { Scenario } from "./scenario.ts";

/** Credits of each customer: enough for every edit of a day. */
export const CREDITS = 1_000_000;

/** Longest that a part may be silent before the supervisor ends it, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Longest life of what a customer signs, in seconds. */
const SIGNED_SECONDS = 86_400;

const UNLIMITED = { requests: 1_000_000, edits: 1_000_000 };

const PORTRAITS = ["portrait-01.png", "portrait-02.png", "portrait-03.png"].map((name) =>
  join(import.meta.dirname, "../../../gpu-fn/examples", name),
);

export interface System {
  readonly stack: Stack;
  /** Makes the customers, the loud one first, each with a key, a token, photos and a signed render. */
  customers(http: Http): Promise<Customer[]>;
  /** Ends the processes and erases their state. */
  stop(): Promise<void>;
}

/**
 * What `npm start` starts, on a state of its own, with the stub in place of the GPU function. Rates are unlimited, so
 * that what refuses is the backlog; the state is in memory where the system offers it, since in production no object is
 * stored on a disk of the worker's machine.
 */
export async function startSystem(scenario: Scenario, say: (line: string) => void): Promise<System> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "flux-soak-"));
  const state = openState(folder);
  const stack = await startStack({
    state,
    port: await freePort(),
    gpu: "infra/local/gpu-stub/server.ts",
    gpuEnv: {
      MS_PER_EVALUATION: String(scenario.msPerEvaluation),
      MASK_MS: String(scenario.maskMs),
      COLD_START_MS: String(scenario.coldStartMs),
      CONTAINERS: "1",
    },
    vars: {
      ACCOUNT_REQUESTS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_UNFINISHED: String(scenario.unfinished),
    },
    // a burst that made it slow must not end it
    patienceMs: PATIENCE_MS,
    say,
  });
  const stop = async () => {
    await stack.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    await stack.workerUp();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stack,
    stop,
    customers: async (http) => {
      const admin = new Admin(stack.url, state.secrets.admin_key);
      const customers: Customer[] = [];
      for (let index = 0; index < scenario.customers; index++)
        customers.push(await customer(stack.url, http, admin, index === 0 ? "loud" : `customer ${index}`));
      return customers;
    },
  };
}

async function customer(url: string, http: Http, admin: Admin, name: string): Promise<Customer> {
  const account = await admin.openAccount(name, CREDITS);
  const key = await admin.openKey(account, name, UNLIMITED);
  const api = createClient({ url, key });
  const images: Id<"img">[] = [];
  for (const path of PORTRAITS) {
    const { id } = await api.upload(new Uint8Array(readFileSync(path)));
    images.push(id as Id<"img">);
  }
  const image = images[0] as Id<"img">;
  const { token } = await api.createToken({ action: "edit", expires_in: SIGNED_SECONDS });
  const prompts = ["a woman with bangs"] as const;
  const render = await api.createToken({
    action: "render",
    expires_in: SIGNED_SECONDS,
    constraints: { image, prompts: [...prompts], presets: ["fast"] },
  });
  return new Customer(url, http, { name, key, token, images, render: new URL(render.url).pathname });
}
