import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { developmentKeys } from "../../../gpu-fn/src/provenance/development.ts";
import { freePort } from "../../local/ports.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { openState, type State } from "../../local/state.ts";
import { type Part, supervise } from "../../local/supervise.ts";
import { MOCK } from "../../local/upstash/server.ts";
import { SmallDisk } from "./disk.ts";
import { Link } from "./link.ts";

export interface StackOptions {
  /** Separate folder for its state. */
  readonly folder: string;
  /** Folder of the bundled worker. */
  readonly bundle: string;
  /** Puts the worker's storage and the GPU function's scratch folder on separate disks; size of the first in MiB. */
  readonly diskMib?: number;
  /** The supervisor ends a silent part after seconds, as `npm start` does; else it waits and a part can come back. */
  readonly impatient?: boolean;
  /** A real Redis-compatible server if the machine has one, in place of one in memory. */
  readonly redis?: boolean;
}

/** The parts as processes, the links between them, and what they are reached by. */
export interface StartedParts {
  readonly stack: Stack;
  readonly receiver: Part;
  readonly links: Readonly<Record<"gpu" | "storage" | "upstash" | "webhook", Link>>;
  readonly state: State;
  readonly disks: Readonly<Record<"worker" | "gpu", SmallDisk>> | null;
  readonly clock: Clock;
  /** Port of the GPU function's preload. */
  readonly control: number;
  /** File that the receiver writes to. */
  readonly arrivals: string;
}

/** How far the worker's clock is ahead, in milliseconds, kept for a worker that comes back. */
interface Clock {
  offsetMs: number;
  readonly server: Server;
  readonly url: string;
}

/** Longer than any part is stopped for: it is its story that wakes it up again. */
const PATIENT_MS = 120_000;
const SCRATCH_MIB = 1;

const RECEIVER = join(import.meta.dirname, "receiver.ts");
const PRELOAD = join(import.meta.dirname, "gpu-preload.ts");

/** Starts the parts with a link between each two of them; they are not up yet. */
export async function startParts(options: StackOptions): Promise<StartedParts> {
  const { bundle, redis = false, impatient = false, diskMib } = options;
  const folder = mkdtempSync(join(options.folder, "stack-"));
  const state = openState(folder);
  const disks =
    diskMib === undefined
      ? null
      : {
          worker: new SmallDisk(join(folder, "worker"), diskMib),
          gpu: new SmallDisk(join(folder, "scratch"), SCRATCH_MIB),
        };
  const target = { gpu: "", storage: "", upstash: "" };
  const gpu = await Link.open(() => target.gpu);
  const storage = await Link.open(() => target.storage);
  const upstash = await Link.open(() => target.upstash);
  const clock = await openClock();
  const control = await freePort();
  const stack = await startStack({
    state,
    port: await freePort(),
    say: () => {},
    bundle,
    ...(impatient ? {} : { patienceMs: PATIENT_MS }),
    redisServer: redis ? undefined : MOCK,
    gpuEnv: {
      ...(await developmentKeys(folder, () => {})),
      NODE_OPTIONS: `--import ${PRELOAD}`,
      CHAOS_PORT: String(control),
      ...(disks === null ? {} : { TMPDIR: disks.gpu.folder }),
    },
    vars: {
      GPU_URL: gpu.url,
      UPSTASH_REDIS_REST_URL: upstash.url,
      PUBLIC_URL: storage.url,
      INSIDE_URL: storage.url,
      CLOCK_URL: clock.url,
    },
  });
  const { inside } = stack;
  Object.assign(target, { gpu: inside.gpu.url, storage: stack.url, upstash: inside.upstash.url });
  const { receiver, webhook, arrivals } = await startReceiver(state);
  return {
    stack,
    receiver,
    links: { gpu, storage, upstash, webhook },
    state,
    disks,
    clock,
    control,
    arrivals,
  };
}

async function startReceiver({ folder, logs }: State) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const arrivals = join(folder, "arrivals");
  const receiver = supervise({
    name: "receiver",
    command: process.execPath,
    args: [RECEIVER],
    env: { PORT: new URL(url).port, FILE: arrivals },
    log: join(logs, "receiver.log"),
    health: new Request(`${url}/healthz`),
    patienceMs: PATIENT_MS,
    say: () => {},
  });
  return { receiver, arrivals, webhook: await Link.open(() => url) };
}

async function openClock(): Promise<Clock> {
  const server = createServer((_, answer) => void answer.end(String(clock.offsetMs)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = { offsetMs: 0, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  return clock;
}
