import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "../../shared/answers.ts";
import { createClient } from "../../shared/client/src/index.ts";
import { type Edit, editSchema } from "../../shared/edit.ts";

/** The photo that the tests edit. */
export const PORTRAIT = join(import.meta.dirname, "../../gpu-fn/examples/portrait-01.png");

const FINAL: readonly Edit["status"][] = ["succeeded", "failed", "canceled"];

/** A client of the HTTP API as a user would write it. */
export class Client {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  /** Requests glasses on the portrait. */
  async create(options: { steps: number; idempotencyKey?: string; wait?: number }): Promise<Response> {
    const form = new FormData();
    form.set("image", new Blob([readFileSync(PORTRAIT)], { type: "image/png" }), "portrait-01.png");
    form.set("source_prompt", "a woman");
    form.set("prompt", "a woman wearing glasses");
    form.set("schedule", JSON.stringify({ steps: options.steps }));
    const { idempotencyKey, wait } = options;
    return this.fetch("/v1/edits", {
      method: "POST",
      body: form,
      headers: {
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
      },
    });
  }

  /** Creates an edit without waiting. @throws Error if it is not accepted */
  async accepted(steps: number): Promise<Edit> {
    const answer = await this.create({ steps });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    return editSchema.parse(await answer.json());
  }

  edit(id: string): Promise<Edit> {
    return createClient({ url: this.url, key: this.#key, retries: 0 }).getEdit(id);
  }

  account(): Promise<Account> {
    return createClient({ url: this.url, key: this.#key }).getAccount();
  }

  /** The edit once it has started. */
  running(id: string): Promise<Edit> {
    return this.#until(id, ({ status }) => status !== "queued", 60_000);
  }

  /** The edit once it has stopped running: it is queued again, or final. */
  stopped(id: string): Promise<Edit> {
    return this.#until(id, ({ status }) => status !== "running", 60_000);
  }

  /** The edit once it is final. If the worker is briefly unreachable, the request is repeated. */
  settled(id: string, timeoutMs = 110_000): Promise<Edit> {
    return this.#until(id, ({ status }) => FINAL.includes(status), timeoutMs);
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.#key}` },
    });
  }

  async #until(id: string, holds: (edit: Edit) => boolean, timeoutMs: number): Promise<Edit> {
    const deadline = Date.now() + timeoutMs;
    while (true) {
      const edit = await this.edit(id).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return null;
      });
      if (edit !== null && holds(edit)) return edit;
      if (Date.now() > deadline) throw new Error(`still ${edit?.status}: ${id}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
