import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env } from "../../src/env.ts";

/** How the queue is disturbed. */
export interface Disturbance {
  /** Number of consumers that get each message at the same time; normally 1. */
  readonly copies: number;
  /** Seconds that a new message waits, drawn for each one: they arrive in another order than they were sent. */
  readonly delaysSeconds: readonly number[];
}

const CALM: Disturbance = { copies: 1, delaysSeconds: [] };

/** What the queue has done since this process started. */
export interface QueueState {
  /** Messages that are with a consumer, and those that it asked to get again. */
  readonly running: number;
  readonly waiting: number;
  readonly delivered: number;
  readonly acked: number;
  readonly retried: number;
}

type Consume = (batch: MessageBatch<EditMessage>, env: Env) => Promise<void>;

/** The queue between the runtime and the product's consumer: it counts, and disturbs on request. */
export class DisturbedQueue {
  readonly #consume: Consume;
  readonly #waiting = new Set<string>();
  readonly #late = new Set<string>();
  #running = 0;
  #count = { delivered: 0, acked: 0, retried: 0 };
  #taken = 0;
  disturbance = CALM;

  constructor(consume: Consume) {
    this.#consume = consume;
  }

  get state(): QueueState {
    return { running: this.#running, waiting: this.#waiting.size, ...this.#count };
  }

  async deliver(batch: MessageBatch<EditMessage>, env: Env): Promise<void> {
    await Promise.all(batch.messages.map((message) => this.#one(batch.queue, message, env)));
  }

  /** Passes an extra message to the product's consumer; retries go through the queue. */
  async inject(queue: string, body: EditMessage, env: Env): Promise<void> {
    const send = (delaySeconds = 0) => env.EDITS.send(body, { delaySeconds });
    await this.#consume(batchOf(queue, copyOf(body, send)), env);
  }

  async #one(queue: string, message: Message<EditMessage>, env: Env): Promise<void> {
    const { id, body } = message;
    const { copies, delaysSeconds } = this.disturbance;
    if (delaysSeconds.length > 0 && !this.#late.has(id)) {
      this.#late.add(id);
      this.#waiting.add(id);
      return message.retry({ delaySeconds: delaysSeconds[this.#taken++ % delaysSeconds.length] ?? 0 });
    }
    this.#waiting.delete(id);
    this.#running += 1;
    this.#count.delivered += 1;
    const seen: Message<EditMessage> = {
      id,
      body,
      timestamp: message.timestamp,
      attempts: message.attempts,
      ack: () => {
        this.#count.acked += 1;
        message.ack();
      },
      retry: (options) => {
        this.#count.retried += 1;
        this.#waiting.add(id);
        message.retry(options);
      },
    };
    try {
      const more = Array.from({ length: copies - 1 }, () => this.inject(queue, body, env));
      await Promise.all([this.#consume(batchOf(queue, seen), env), ...more]);
    } finally {
      this.#running -= 1;
    }
  }
}

function copyOf(body: EditMessage, again: (delaySeconds?: number) => void): Message<EditMessage> {
  return {
    id: crypto.randomUUID(),
    body,
    timestamp: new Date(),
    attempts: 1,
    ack: () => {},
    retry: (options) => again(options?.delaySeconds),
  };
}

function batchOf(queue: string, message: Message<EditMessage>): MessageBatch<EditMessage> {
  return {
    queue,
    messages: [message],
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
    ackAll: () => message.ack(),
    retryAll: (options) => message.retry(options),
  };
}
