import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import { InputError } from "../../errors.ts";
import type { Grey, Photo } from "../picture.ts";
import { DECODER_LIMITS, type DecoderLimits } from "./limits.ts";
import type { Answered, Asked } from "./messages.ts";
import { DecoderProcess, type Overstepped, PROGRAM } from "./process.ts";

/** A process that still uses more than this after a picture is replaced. */
const RECYCLED_BYTES = 400 * 2 ** 20;

/** One byte more than a picture may have, which is enough for it to be refused. */
const FILE_MAX = IMAGE_LIMITS.bytes + 1;

/** Longest time until a new process is ready, in milliseconds. */
const START_MS = 30_000;

/** Number of processes in a row that may end before they are ready. */
const FALSE_STARTS = 3;

type Decoded = { readonly answer: Answered; readonly parts: readonly Uint8Array[] };

interface Job {
  readonly asked: Asked;
  readonly file: Uint8Array;
  resolve(decoded: Decoded): void;
  reject(error: Error): void;
}

/** A picture ended the process that decoded it. As a cause, it distinguishes this case from a refusal. */
export class DecoderEndedError extends Error {
  override readonly name = "DecoderEndedError";
}

const REASONS = {
  memory: "the image takes too much memory to decode",
  time: "the image takes too long to decode",
} as const;

/**
 * Decodes untrusted pictures one after another in a separate process, which is kept warm. A picture that overloads or
 * crashes it is refused; the next process serves those behind it.
 */
export class Decoder {
  readonly #limits: DecoderLimits;
  readonly #program: string;
  readonly #waiting: Job[] = [];
  #job: Job | null = null;
  #process: DecoderProcess | null = null;
  #ready = false;
  #falseStarts = 0;
  #closed = false;

  /** @param program module that the process runs */
  constructor(limits: DecoderLimits = DECODER_LIMITS, program = PROGRAM) {
    this.#limits = limits;
    this.#program = program;
  }

  /** The id of the decoding process, if one is running. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the process before the first picture comes. */
  warm(): void {
    if (this.#process === null && !this.#closed) this.#process = this.#open();
  }

  /** @throws InputError as `decodePhoto` */
  async photo(bytes: Uint8Array, longest: number | null = null): Promise<Photo> {
    const asked = { kind: "photo", longest } as const;
    const { answer, parts } = await this.#ask(asked, bytes);
    const [rgb, alpha = null] = parts;
    if (answer.kind !== "photo" || rgb === undefined) throw nonsense();
    const { width, height } = answer;
    if (rgb.length !== 3 * width * height || (alpha !== null && alpha.length !== width * height))
      throw nonsense();
    return { width, height, rgb, alpha };
  }

  /** @throws InputError as `decodeGrey` */
  async grey(bytes: Uint8Array): Promise<Grey> {
    const { answer, parts } = await this.#ask({ kind: "grey" }, bytes).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      throw new InputError("mask_invalid", error.message.replace("the image", "the located mask"), {
        cause: error.cause,
      });
    });
    const [data] = parts;
    if (answer.kind !== "grey" || data?.length !== answer.width * answer.height) throw nonsense();
    return { width: answer.width, height: answer.height, data };
  }

  /** Ends the process; waiting pictures are refused. */
  close(): void {
    this.#closed = true;
    const jobs = [this.#job, ...this.#waiting.splice(0)];
    this.#job = null;
    for (const job of jobs) job?.reject(new Error("the decoder is closed"));
    this.#process?.kill();
  }

  #ask(asked: Asked, bytes: Uint8Array): Promise<Decoded> {
    const file = bytes.subarray(0, FILE_MAX);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, file, resolve, reject });
      if (this.#job === null) this.#take();
    });
  }

  #take(): void {
    this.#job = this.#waiting.shift() ?? null;
    if (this.#job === null) return;
    if (this.#closed) {
      this.#settle(({ reject }) => reject(new Error("the decoder is closed")));
      return;
    }
    this.warm();
    this.#send();
  }

  /** Sends the process its job, or waits until the process is ready. */
  #send(): void {
    if (this.#process === null || this.#job === null) return;
    this.#process.work(this.#ready ? this.#limits.timeMs : START_MS);
    if (this.#ready) this.#process.send(this.#job.asked, this.#job.file);
  }

  #open(): DecoderProcess {
    this.#ready = false;
    const opened: DecoderProcess = new DecoderProcess(this.#limits, this.#program, {
      onAnswer: (answer, parts) => {
        if (this.#process === opened) this.#answered(answer, parts);
      },
      onEnd: (overstepped) => {
        if (this.#process === opened) this.#ended(overstepped);
      },
    });
    return opened;
  }

  #answered(answer: Answered, parts: readonly Uint8Array[]): void {
    this.#process?.rest();
    if (answer.kind === "ready") {
      this.#ready = true;
      this.#falseStarts = 0;
      this.#send();
      return;
    }
    if ("residentBytes" in answer && answer.residentBytes > RECYCLED_BYTES) this.#replace();
    this.#settle(({ resolve, reject }) => {
      if (answer.kind === "refused") reject(new InputError(answer.code, answer.message));
      else resolve({ answer, parts });
    });
  }

  /** Starts the next process before the next picture comes. */
  #replace(): void {
    const old = this.#process;
    this.#process = this.#open();
    old?.kill();
  }

  #ended(overstepped: Overstepped): void {
    const wasReady = this.#ready;
    this.#process = null;
    this.#ready = false;
    if (this.#closed) return;
    if (wasReady) {
      this.warm();
      const message = overstepped === null ? "the image made the decoder fail" : REASONS[overstepped];
      const cause = new DecoderEndedError(message);
      this.#settle(({ reject }) => reject(new InputError("image_undecodable", message, { cause })));
      return;
    }
    this.#falseStarts += 1;
    if (this.#falseStarts < FALSE_STARTS && this.#job !== null) {
      this.warm();
      this.#send();
      return;
    }
    this.#falseStarts = 0;
    this.#settle(({ reject }) => reject(new Error("the decoder's process does not start")));
  }

  #settle(end: (job: Job) => void): void {
    const job = this.#job;
    if (job === null) return;
    this.#job = null;
    end(job);
    this.#take();
  }
}

const nonsense = () => new Error("the decoder's process answered what was not asked");

let shared: Decoder | undefined;

/** The decoder of this thread. */
export function sharedDecoder(): Decoder {
  shared ??= new Decoder();
  return shared;
}
