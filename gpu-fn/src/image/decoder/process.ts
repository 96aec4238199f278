import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { FrameReader, frameOf } from "./frames.ts";
import { type DecoderLimits, limited, residentBytes } from "./limits.ts";
import { type Answered, type Asked, answeredSchema, PART_MAX } from "./messages.ts";

/** The module that the process runs. */
export const PROGRAM = join(import.meta.dirname, "child.ts");

/** The heaps are small because pixels lie outside them. */
const NODE_OPTIONS = ["--max-old-space-size=96", "--max-semi-space-size=2", "--no-warnings"];

/** The whole environment. Large pictures are not written to disk, and memory is returned to the system. */
const ENVIRONMENT = { VIPS_DISC_THRESHOLD: "8g", MALLOC_ARENA_MAX: "2", UV_THREADPOOL_SIZE: "2" };

const WATCH_MS = 50;

/** Most time that counts between two looks: a thread that was busy itself has heard nothing in the meantime. */
const COUNTED_MS = 5 * WATCH_MS;

/** The limit for which a process was ended; null if it crashed. */
export type Overstepped = "memory" | "time" | null;

export interface ProcessEvents {
  /** @param parts each with its own memory */
  onAnswer(answer: Answered, parts: readonly Uint8Array[]): void;
  /** The process has ended; nothing follows. */
  onEnd(overstepped: Overstepped): void;
}

/** A decoding process. It does not keep this process alive while it is idle. */
export class DecoderProcess {
  readonly #limits: DecoderLimits;
  readonly #child: ReturnType<typeof spawn>;
  #overstepped: Overstepped = null;
  #watch: NodeJS.Timeout | undefined;

  constructor(limits: DecoderLimits, program: string, { onAnswer, onEnd }: ProcessEvents) {
    this.#limits = limits;
    const [command, ...args] = limited([process.execPath, ...NODE_OPTIONS, program], limits);
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ["pipe", "ignore", "ignore", "pipe"] });
    this.#child = child;
    const reader = new FrameReader(PART_MAX, (head, parts) => {
      const { success, data } = answeredSchema.safeParse(head);
      if (success) onAnswer(data, parts);
      else this.kill();
    });
    this.#output.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        this.kill(); // it broke the message format and is not trusted any more
      }
    });
    // a pipe breaks because the process has ended, which is reported below
    child.stdin?.on("error", () => {});
    this.#output.on("error", () => {});
    child.once("error", () => onEnd(null));
    child.once("exit", () => {
      this.rest();
      onEnd(this.#overstepped);
    });
    this.rest();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Keeps this process alive until `rest`, and enforces the other's limits. @param timeMs after which it is ended */
  work(timeMs: number): void {
    this.rest();
    this.#each("ref");
    let [left, lookedAt] = [timeMs, performance.now()];
    this.#watch = setInterval(() => {
      const now = performance.now();
      left -= Math.min(now - lookedAt, COUNTED_MS);
      lookedAt = now;
      const { pid } = this.#child;
      if (pid !== undefined && (residentBytes(pid) ?? 0) > this.#limits.memoryBytes) this.kill("memory");
      else if (left <= 0) this.kill("time");
    }, WATCH_MS);
  }

  /** Lets this process end, and stops watching the other. */
  rest(): void {
    clearInterval(this.#watch);
    this.#each("unref");
  }

  send(asked: Asked, file: Uint8Array): void {
    for (const piece of frameOf(asked, [file])) this.#child.stdin?.write(piece);
  }

  kill(overstepped: Overstepped = null): void {
    this.#overstepped = overstepped;
    this.#child.kill("SIGKILL");
  }

  get #output(): Socket {
    return this.#child.stdio[3] as Socket;
  }

  #each(way: "ref" | "unref"): void {
    for (const handle of [this.#child, this.#child.stdin as Socket | null, this.#output]) handle?.[way]();
  }
}
