import { env } from "cloudflare:workers";
import type { EditMessage } from "../src/account/contract/edits.ts";

/**
 * Holds what is sent to the queue `edits`, so that a test delivers it, loses it or refuses it. It stands in the
 * place of the platform's own producer, in this isolate: the test, the worker and the accounts' objects.
 */
export class HeldQueue implements Disposable {
  readonly sent: EditMessage[] = [];
  /** Seconds that the latest message is to wait; undefined if none was named. */
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
