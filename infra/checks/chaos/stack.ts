import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Admin } from "../../local/admin.ts";
import type { Part } from "../../local/supervise.ts";
import type { SmallDisk } from "./disk.ts";
import type { GpuOrder } from "./gpu-preload.ts";
import type { Link } from "./link.ts";
import { type StackOptions, type StartedParts, startParts } from "./started-parts.ts";
import { Stores } from "./stores.ts";
import { Tenant } from "./tenant.ts";

/** Processes that can be killed and stopped. */
export type Process = "gpu" | "worker" | "gateway" | "receiver";

const CREDITS = 1_000_000;
const GRACE_MS = 3_000;

/**
 * The real parts on a separate state: worker, queue, GPU function with its engine, Upstash gateway, a receiver of
 * webhooks; a link between each two of them; and clocks that can be moved.
 */
export class ChaosStack {
  readonly links: Readonly<Record<"gpu" | "storage" | "upstash" | "webhook", Link>>;
  readonly stores: Stores;
  readonly url: string;
  readonly upstash: { readonly url: string; readonly token: string };
  readonly disks: Readonly<Record<"worker" | "gpu", SmallDisk>> | null;
  readonly logs: string;
  /** How far it ever was. */
  furthestMs = 0;
  readonly #parts: Readonly<Record<Process, Part>>;
  readonly #tenants: Tenant[] = [];
  readonly #started: StartedParts;

  private constructor(started: StartedParts) {
    this.#started = started;
    const { stack, receiver, links, state, disks } = started;
    this.links = links;
    this.disks = disks;
    this.url = stack.url;
    this.upstash = stack.inside.upstash;
    this.logs = state.logs;
    this.stores = new Stores(join(state.folder, "worker"));
    this.#parts = { ...stack.parts, receiver };
  }

  static async start(options: StackOptions): Promise<ChaosStack> {
    const opened = new ChaosStack(await startParts(options));
    try {
      await opened.workerUp();
      await opened.gpuReady();
      return opened;
    } catch (error) {
      await opened.stop();
      throw error;
    }
  }

  /** A separate account with a key, and the address of its webhooks. */
  async openTenant(name: string): Promise<Tenant> {
    const { state, links } = this.#started;
    const admin = new Admin(this.url, state.secrets.admin_key);
    const id = await admin.openAccount(name, CREDITS);
    const tenant = new Tenant({
      id,
      key: await admin.openKey(id, name),
      url: this.url,
      webhookUrl: `${links.webhook.url}/hook`,
    });
    this.#tenants.push(tenant);
    return tenant;
  }

  pid(part: Process): number {
    return this.#parts[part].pid();
  }

  /** Signals every process of a part. */
  signal(part: Process, name: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void {
    process.kill(-this.pid(part), name);
  }

  /** Ends the GPU function; requests to it wait until it is there again, so that an edit meets it while it loads. */
  restartGpu(): void {
    this.links.gpu.patient = true;
    this.signal("gpu", "SIGKILL");
  }

  /** Resumes stopped parts, clears the links, and waits until every part answers. */
  async calm(): Promise<void> {
    for (const part of ["gpu", "worker", "gateway", "receiver"] as const) this.#wake(part);
    for (const link of Object.values(this.links)) link.clear();
    await Promise.all([this.workerUp(), this.gpuReady()]);
    await this.command("queue", { copies: 1, delaysSeconds: [] });
    await this.command("storage", { lingerMs: 0 });
  }

  #wake(part: Process): void {
    try {
      this.signal(part, "SIGCONT");
    } catch {
      // between two lives
    }
  }

  gpuReady(): Promise<void> {
    return this.#started.stack.gpuReady();
  }

  workerUp(): Promise<void> {
    return this.#started.stack.workerUp();
  }

  /** Orders the GPU function's preload to do something. @throws if its process is not there */
  async order(order: GpuOrder): Promise<void> {
    const socket = connect(this.#started.control, "127.0.0.1");
    socket.end(`${JSON.stringify(order)}\n`);
    socket.resume();
    await once(socket, "close");
  }

  /** How far the worker's clock is ahead, in milliseconds. */
  get offsetMs(): number {
    return this.#started.clock.offsetMs;
  }

  /** Moves the worker's clock, and has every account check what is now due. The offset survives the worker's death. */
  async moveClock(offsetMs: number): Promise<void> {
    this.#started.clock.offsetMs = offsetMs;
    this.furthestMs = Math.max(this.furthestMs, offsetMs);
    const accounts = this.#tenants.map(({ id }) => id);
    await this.command("clock", { offsetMs, accounts });
  }

  /** Has the worker under test do something outside its routes. @throws if it does not */
  async command(path: "clock" | "queue" | "deliver" | "send" | "storage", body: unknown): Promise<void> {
    const answer = await fetch(`${this.url}/.chaos/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** Messages that the queue has now. */
  async queued(): Promise<number> {
    const answer = await fetch(`${this.url}/.chaos/queue`);
    const { running, waiting } = (await answer.json()) as { running: number; waiting: number };
    return running + waiting;
  }

  /** Lines of what the receiver wrote down. */
  arrivals(): Record<string, string>[] {
    const { arrivals } = this.#started;
    if (!existsSync(arrivals)) return [];
    const lines = readFileSync(arrivals, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  /** The parts' logs, for debugging a broken invariant. */
  log(): string {
    const files = readdirSync(this.logs).filter((name) => name.endsWith(".log"));
    return files.map((name) => `── ${name}\n${readFileSync(join(this.logs, name), "utf8")}`).join("\n");
  }

  async stop(): Promise<void> {
    const { stack, receiver, links, clock, state, disks } = this.#started;
    await Promise.all([stack.stop(), receiver.stop(GRACE_MS)]);
    for (const link of Object.values(links)) link.close();
    clock.server.close();
    clock.server.closeAllConnections();
    for (const disk of Object.values(disks ?? {})) disk.remove();
    rmSync(state.folder, { recursive: true, force: true });
  }
}
