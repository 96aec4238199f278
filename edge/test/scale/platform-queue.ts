import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env } from "../../src/env.ts";
import { consumeEdits } from "../../src/queue/consumer.ts";
import { type Agenda, settled } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import type { Meter } from "./meter.ts";

/** How long a consumer takes to hand over a batch: two calls to objects, in milliseconds. */
const HAND_OVER_MS = 100;

/** As in wrangler.toml. */
const BATCH = 10;

/**
 * The platform's queue: batches of messages, each for one of a limited number of consumers, which run the product's
 * code.
 */
export class PlatformQueue {
  readonly #agenda: Agenda;
  readonly #clock: Clock;
  readonly #meter: Meter;
  readonly #env: Env;
  readonly #consumers: number;
  readonly #waiting: EditMessage[] = [];
  #held = 0;
  mostHeld = 0;
  deliveries = 0;
  invocations = 0;

  constructor(parts: { agenda: Agenda; clock: Clock; meter: Meter; env: Env; consumers: number }) {
    this.#agenda = parts.agenda;
    this.#clock = parts.clock;
    this.#meter = parts.meter;
    this.#env = parts.env;
    this.#consumers = parts.consumers;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes what was sent and gives it to free consumers. */
  pickUp(): void {
    for (const { message, at } of this.#meter.sent.splice(0)) {
      if (at <= this.#clock.now) this.#waiting.push(message);
      else this.#agenda.plan(at, () => void this.#waiting.push(message));
    }
    while (this.#held < this.#consumers && this.#waiting.length > 0) {
      const bodies = this.#waiting.splice(0, BATCH);
      this.#held += 1;
      this.mostHeld = Math.max(this.mostHeld, this.#held);
      this.invocations += 1;
      this.deliveries += bodies.length;
      this.#agenda.plan(this.#clock.now + HAND_OVER_MS, async () => {
        await consumeEdits(this.#batchOf(bodies), this.#env);
        await settled();
        this.#held -= 1;
      });
    }
  }

  #batchOf(bodies: readonly EditMessage[]): MessageBatch<EditMessage> {
    const messages = bodies.map((body) => ({
      id: body.edit,
      body,
      timestamp: new Date(),
      attempts: 1,
      ack: () => {},
      retry: (options?: QueueRetryOptions) => {
        this.#meter.sent.push({
          message: body,
          at: this.#clock.now + 1000 * (options?.delaySeconds ?? 0),
        });
      },
    }));
    return {
      queue: "flux-sculptor-edits",
      messages,
      metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
      ackAll: () => {},
      retryAll: () => {},
    };
  }
}
