import { spawn } from "node:child_process";
import { join } from "node:path";
import { FrameReader, frameOf } from "./frames.ts";
import { limited, residentBytes } from "./limits.ts";
import { answeredSchema, PART_MAX } from "./messages.ts";
/** What runs there. */
export const PROGRAM = join(import.meta.dirname, "child.ts");
/** Small heaps: pixels lie outside of them. */
const NODE_OPTIONS = ["--max-old-space-size=96", "--max-semi-space-size=2", "--no-warnings"];
/** All of its environment. Large pictures are not put on disk; memory goes back to the system. */
const ENVIRONMENT = { VIPS_DISC_THRESHOLD: "8g", MALLOC_ARENA_MAX: "2", UV_THREADPOOL_SIZE: "2" };
const WATCH_MS = 50;
/** A process that decodes. It does not keep this one alive while it has nothing to do. */
export class DecoderProcess {
  #limits;
  #child;
  #overstepped = null;
  #watch;
  #deadline;
  constructor(limits, program, { onAnswer, onEnd }) {
    this.#limits = limits;
    const [command, ...args] = limited([process.execPath, ...NODE_OPTIONS, program], limits);
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ["pipe", "ignore", "ignore", "pipe"] });
    this.#child = child;
    const reader = new FrameReader(PART_MAX, (head, parts) => {
      const { success, data } = answeredSchema.safeParse(head);
      if (success) onAnswer(data, parts);
      else this.kill();
    });
    this.#output.on("data", (chunk) => {
      try {
        reader.push(chunk);
      } catch {
        this.kill(); // it does not keep to the form: whatever speaks there is not trusted any more
      }
    });
    // a pipe breaks because the process has ended, which is told below
    child.stdin?.on("error", () => {});
    this.#output.on("error", () => {});
    child.once("error", () => onEnd(null));
    child.once("exit", () => {
      this.rest();
      onEnd(this.#overstepped);
    });
    this.rest();
  }
  get pid() {
    return this.#child.pid;
  }
  /** Holds this process until `rest`, and the other one to its limits. @param timeMs until it is ended */
  work(timeMs) {
    this.rest();
    this.#each("ref");
    this.#deadline = setTimeout(() => this.kill("time"), timeMs);
    this.#watch = setInterval(() => {
      const { pid } = this.#child;
      if (pid !== undefined && (residentBytes(pid) ?? 0) > this.#limits.memoryBytes) this.kill("memory");
    }, WATCH_MS);
  }
  /** Lets this process end, and looks away. */
  rest() {
    clearTimeout(this.#deadline);
    clearInterval(this.#watch);
    this.#each("unref");
  }
  send(asked, file) {
    for (const piece of frameOf(asked, [file])) this.#child.stdin?.write(piece);
  }
  kill(overstepped = null) {
    this.#overstepped = overstepped;
    this.#child.kill("SIGKILL");
  }
  get #output() {
    return this.#child.stdio[3];
  }
  #each(way) {
    for (const handle of [this.#child, this.#child.stdin, this.#output]) handle?.[way]();
  }
}
