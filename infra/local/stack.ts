import { join } from "node:path";
import { gpuHealthSchema } from "../../shared/gpu.ts";
import { freePort } from "./ports.ts";
import { newSecret, type State } from "./state.ts";
import { isUp, type Part, supervise } from "./supervise.ts";

export type PartName = "gpu" | "gateway" | "worker";

/** GPU function, Upstash gateway and worker; each is restarted if it ends. */
export interface Stack {
  /** The worker's address on this machine. */
  readonly url: string;
  /** Addresses and secrets that the parts use for each other; new at each start. */
  readonly inside: {
    readonly gpu: { readonly url: string; readonly secret: string };
    readonly upstash: { readonly url: string; readonly token: string };
  };
  readonly parts: Readonly<Record<PartName, Part>>;
  /** Resolves once the worker answers. @throws Error after the time limit */
  workerUp(): Promise<void>;
  /** Resolves once the model is loaded. @throws Error after the time limit */
  gpuReady(): Promise<void>;
  /** Ends every process within about four seconds. */
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly state: State;
  /** Where the worker listens: the port, and the address (127.0.0.1). */
  readonly port: number;
  readonly host?: string;
  /** The worker's address in answers, if clients use another one than this machine. */
  readonly publicUrl?: string;
  /** Program of the GPU function, under the repository's root. */
  readonly gpu?: string;
  /** Environment of the GPU function. */
  readonly gpuEnv?: Readonly<Record<string, string>>;
  /** Further variables of the worker. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Folder of a prebuilt worker bundle; by default the worker is bundled at each start. */
  readonly bundle?: string;
  /** Maximum silence of a part before it is restarted, in milliseconds; by default a few seconds, depending on the part. */
  readonly patienceMs?: number;
  /** A Redis-compatible server to use; see infra/local/upstash/server.ts. */
  readonly redisServer?: string | undefined;
  readonly say: (line: string) => void;
}

const ROOT = join(import.meta.dirname, "../..");
const PATIENCE_MS = 240_000;
/** Maximum time for a part's health answer, in milliseconds. */
const ANSWER_MS = 15_000;
const GRACE_MS = 3_000;

/** Keeps wrangler and its runtime from using the network or writing outside the state folder. */
const quietWrangler = (state: State) => ({
  CI: "1",
  NO_COLOR: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_LOG_PATH: join(state.logs, "wrangler"),
  WRANGLER_REGISTRY_PATH: join(state.folder, "registry"),
});

/** Starts the parts in parallel. Their ports and mutual secrets are new at each start; the worker's port is given. */
export async function startStack({ state, port, say, ...options }: StackOptions): Promise<Stack> {
  const { host = "127.0.0.1" } = options;
  const url = `http://${isEverywhere(host) ? "127.0.0.1" : host}:${port}`;
  const [gpuUrl, gatewayUrl] = [await loopback(), await loopback()];
  const [gpuSecret, gatewayToken] = [newSecret(), newSecret()];
  const gpuHealth = new Request(`${gpuUrl}healthz`, { headers: bearer(gpuSecret) });
  const workerHealth = new Request(`${url}/healthz`);

  const gpu = supervise({
    name: "GPU function",
    command: process.execPath,
    args: [join(ROOT, options.gpu ?? "gpu-fn/src/server/main.ts")],
    env: { ...options.gpuEnv, HOST: gpuUrl.hostname, PORT: gpuUrl.port, GPU_SECRET: gpuSecret },
    log: join(state.logs, "gpu.log"),
    health: gpuHealth,
    patienceMs: options.patienceMs ?? 4_000,
    say,
  });
  const gateway = supervise({
    name: "Upstash gateway",
    command: process.execPath,
    args: [join(ROOT, "infra/local/upstash/main.ts")],
    env: {
      PORT: gatewayUrl.port,
      TOKEN: gatewayToken,
      FOLDER: state.folder,
      ...(options.redisServer === undefined ? {} : { REDIS_SERVER: options.redisServer }),
    },
    log: join(state.logs, "gateway.log"),
    patienceMs: options.patienceMs ?? 4_000,
    health: new Request(gatewayUrl, {
      method: "POST",
      headers: bearer(gatewayToken),
      body: '["PING"]',
    }),
    say,
    hear: say,
  });
  const worker = supervise({
    name: "worker",
    command: process.execPath,
    args: [join(ROOT, "infra/local/worker.ts")],
    env: {
      ...quietWrangler(state),
      HOST: host,
      PORT: String(port),
      PERSIST: join(state.folder, "worker"),
      ...(options.bundle === undefined ? {} : { BUNDLE: options.bundle }),
      VARS: JSON.stringify({
        PUBLIC_URL: options.publicUrl ?? url,
        INSIDE_URL: url,
        SIGNING_SECRET: state.secrets.signing_secret,
        ADMIN_KEY: state.secrets.admin_key,
        GPU_URL: gpuUrl.origin,
        GPU_ON_DEMAND: "0",
        GPU_SECRET: gpuSecret,
        UPSTASH_REDIS_REST_URL: gatewayUrl.origin,
        UPSTASH_REDIS_REST_TOKEN: gatewayToken,
        // a receiver under development listens on this machine
        ALLOW_PRIVATE_WEBHOOKS: "1",
        PLAYGROUND_CREDITS: "1000",
        ...options.vars,
      }),
    },
    log: join(state.logs, "worker.log"),
    health: workerHealth,
    patienceMs: options.patienceMs ?? 10_000,
    say,
  });

  const parts = { gpu, gateway, worker };
  return {
    url,
    inside: {
      gpu: { url: gpuUrl.origin, secret: gpuSecret },
      upstash: { url: gatewayUrl.origin, token: gatewayToken },
    },
    parts,
    workerUp: () => until(() => isUp(workerHealth, ANSWER_MS), "the worker does not answer", state),
    gpuReady: () => until(() => isReady(gpuHealth), "the model does not load", state),
    stop: async () => {
      await Promise.all(Object.values(parts).map((part) => part.stop(GRACE_MS)));
      state.release();
    },
  };
}

/** Whether a listen address means all addresses of this machine. */
export const isEverywhere = (host: string) => host === "0.0.0.0" || host === "::";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function loopback(): Promise<URL> {
  return new URL(`http://127.0.0.1:${await freePort()}/`);
}

async function isReady(health: Request): Promise<boolean> {
  try {
    const answer = await fetch(health.clone(), { signal: AbortSignal.timeout(ANSWER_MS) });
    const { status } = gpuHealthSchema.parse(await answer.json());
    return status === "ready";
  } catch {
    return false; // not listening yet
  }
}

async function until(holds: () => Promise<boolean>, otherwise: string, { logs }: State): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${otherwise}: see ${logs}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
