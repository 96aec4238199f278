import type { EditTask, GpuEvent, MaskTask } from "../../../shared/gpu.ts";
import { Pace } from "./pace.ts";

export type Task =
  | { readonly kind: "edit"; readonly task: EditTask }
  | { readonly kind: "mask"; readonly task: MaskTask };

/** The key of a tenant's photo for everything kept in memory. */
export const scopeOf = (tenant: string, photoSha256: string) => `${tenant} ${photoSha256}`;

/** Someone who follows a run. */
export interface Follower {
  event(event: GpuEvent): void;
  /** Called after the last event. */
  end(): void;
}

/** One attempt at a task: all its events, its followers, and the signal that ends its work. */
export class Run {
  readonly kind: Task["kind"];
  readonly requestId: string;
  readonly scope: string;
  readonly attempt: number;
  readonly pace = new Pace();
  readonly #abort = new AbortController();
  readonly #events: GpuEvent[] = [];
  readonly #followers = new Set<Follower>();
  #ended = false;
  /** Whether all followers left before the end, so that nobody received the answer. */
  dropped = false;
  /** Whether its data was erased, so that it is not remembered after its end. */
  forgotten = false;

  constructor({ kind, task }: Task) {
    this.kind = kind;
    this.requestId = task.request_id;
    this.scope = scopeOf(task.tenant, task.photo.sha256);
    this.attempt = task.attempt;
  }

  /** Aborted when the work must end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The last event, once there is one. */
  get outcome(): GpuEvent | undefined {
    return this.#ended ? this.#events.at(-1) : undefined;
  }

  emit(event: GpuEvent): void {
    if (this.#ended) return;
    this.#events.push(event);
    for (const follower of this.#followers) follower.event(event);
  }

  /** Ends the run with its last event. Only the first call counts: an aborted run ends before its work does. */
  end(event: GpuEvent): void {
    if (this.#ended) return;
    this.emit(event);
    this.#ended = true;
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
  }

  /** Ends the run, and its work before the next evaluation. */
  abort(event: GpuEvent): void {
    this.end(event);
    this.#abort.abort();
  }

  /** Sends all events so far, then each new one. @returns a function to leave; the last to leave ends the run */
  follow(follower: Follower): () => void {
    for (const event of this.#events) follower.event(event);
    if (this.#ended) follower.end();
    else this.#followers.add(follower);
    return () => {
      if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
      this.dropped = true;
      this.abort({ event: "canceled" });
    };
  }
}
