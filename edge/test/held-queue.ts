import { env } from "cloudflare:workers";
import type { EditMessage } from "../src/account/contract/edits.ts";

/**
 * Holds what is sent to the queue `edits`, so that a test can deliver, lose or refuse it. It replaces the platform's
 * own producer in this isolate: for the test, the worker and the accounts' objects.
 */
export class HeldQueue implements Disposable {
  readonly sent: EditMessage[] = [];
  /** Delay of the latest message in seconds; undefined if none was given. */
  delaySeconds: number | undefined;
  /** Whether the queue refuses messages. */
  refuses = false;
  readonly #producer: Pick<Queue<EditMessage>, "send"> = Object.getPrototypeOf(env.EDITS);
  readonly #send = this.#producer.send;

  constructor() {
    this.#producer.send = async (message, options) => {
      if (this.refuses) throw new Error("the queue is out of order");
      this.sent.push(message);
      this.delaySeconds = options?.delaySeconds;
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    };
  }

  [Symbol.dispose](): void {
    this.#producer.send = this.#send;
  }
}
