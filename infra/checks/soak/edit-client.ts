import type { Edit } from "../../../shared/edit.ts";
import { editSchema } from "../../../shared/edit.ts";
import { pause } from "./arrivals.ts";
import type { Customer } from "./customer.ts";
import type { Answer } from "./http.ts";
import type { PhaseName, Recorder, SeenEdit } from "./record.ts";
import { presetOf } from "./scenario.ts";

/** Interval between two polls, in milliseconds. */
const LOOK_MS = 1_500;

/** After this long without an end the edit counts as lost, in milliseconds beyond its deadline. */
const LOST_MS = 15_000;

const DEFAULT_DEADLINE_MS = 600_000;

export interface EditClientOptions {
  readonly recorder: Recorder;
  readonly webhookUrl: string;
  readonly returns: number;
  /** Deadline of urgent edits. */
  readonly deadlineMs: number;
}

/** Requests edits, retries after `Retry-After`, follows each to its end, and erases some. */
export class EditClient {
  readonly #options: EditClientOptions;
  readonly #under: Set<Promise<void>> = new Set();
  readonly #left = new AbortController();

  constructor(options: EditClientOptions) {
    this.#options = options;
  }

  /** Starts one edit; no caller waits for it. */
  begin(customer: Customer): void {
    const work = this.#run(customer, this.#options.recorder.phase).finally(() => this.#under.delete(work));
    this.#under.add(work);
  }

  /** Resolves once every accepted edit has ended; clients that wait to retry leave now. */
  async settled(): Promise<void> {
    this.#left.abort();
    await Promise.all(this.#under);
  }

  async #run(customer: Customer, phase: PhaseName): Promise<void> {
    const hurries = Math.random() < 0.5;
    const deadlineMs = hurries ? this.#options.deadlineMs : DEFAULT_DEADLINE_MS;
    const wantsWebhook = Math.random() < 0.3;
    // webhooks are a key's alone
    const by = !wantsWebhook && Math.random() < 0.2 ? "token" : "key";
    const order = {
      image: customer.photo(),
      source_prompt: "a woman",
      prompt: "a woman wearing glasses",
      schedule: presetOf(Math.random()),
      deadline_ms: deadlineMs,
      ...(wantsWebhook && { webhook_url: this.#options.webhookUrl }),
    };
    const accepted = await this.#accepted(customer, order, phase, by);
    if (accepted === null) return;
    const edit = this.#note(accepted, { customer, phase, deadlineMs, wantsWebhook });
    customer.know(edit.id);
    await (Math.random() < 0.4 ? this.#listen(customer, edit) : this.#look(customer, edit));
    if (Math.random() < 0.5) return;
    customer.forget(edit.id);
    await pause(edit.wantsWebhook ? LOOK_MS : 0);
    const erase = { route: "DELETE /v1/edits/{id}", method: "DELETE", path: `/v1/edits/${edit.id}` } as const;
    await customer.ask(erase);
  }

  /** The edit once it is accepted, under one key however often it is asked for; null if the client gives up. */
  async #accepted(
    customer: Customer,
    order: object,
    phase: PhaseName,
    by: "key" | "token",
  ): Promise<Edit | null> {
    const { recorder } = this.#options;
    const key = crypto.randomUUID();
    let before: Answer | null = null;
    for (let tried = 0; ; tried++) {
      const answer = await customer.post("POST /v1/edits", "/v1/edits", order, key, by);
      const accepted = answer.status === 202 || answer.status === 200;
      if (before?.code && before.retryAfter !== null)
        recorder.returns.push({ phase, code: before.code, waitedSeconds: before.retryAfter, accepted });
      if (accepted) return editSchema.parse(answer.json);
      if (answer.retryAfter === null || tried === this.#options.returns) return null;
      before = answer;
      await pause(answer.retryAfter * 1000, this.#left.signal);
      if (this.#left.signal.aborted) return null;
    }
  }

  #note(
    edit: Edit,
    about: { customer: Customer; phase: PhaseName; deadlineMs: number; wantsWebhook: boolean },
  ): SeenEdit {
    const { recorder } = this.#options;
    const seen: SeenEdit = {
      id: edit.id,
      customer: about.customer.name,
      phase: about.phase,
      deadlineMs: about.deadlineMs,
      createdAt: recorder.since(edit.created_at),
      startedAt: null,
      finishedAt: null,
      status: edit.status,
      error: null,
      webhooks: 0,
      wantsWebhook: about.wantsWebhook,
    };
    recorder.edits.set(edit.id, seen);
    return seen;
  }

  /** Follows the edit's events; if the stream is refused or breaks, polls instead. */
  async #listen(customer: Customer, seen: SeenEdit): Promise<void> {
    const { recorder } = this.#options;
    const at = recorder.now();
    const { phase } = recorder;
    const sample = { route: "GET /v1/edits/{id}/events", phase, customer: seen.customer, at };
    let first: number | null = null;
    try {
      for await (const event of customer.api.followEdit(seen.id)) {
        first ??= recorder.now() - at;
        if (event.event === "succeeded" || event.event === "failed") this.#end(seen, event.data);
      }
    } catch {
      first = null;
    }
    // an answer's time is that of its first event
    const ms = first ?? recorder.now() - at;
    recorder.samples.push({ ...sample, ms, status: first === null ? 0 : 200, code: null, retryAfter: null });
    await this.#look(customer, seen);
  }

  async #look(customer: Customer, seen: SeenEdit): Promise<void> {
    const { recorder } = this.#options;
    while (seen.finishedAt === null && recorder.now() < seen.createdAt + seen.deadlineMs + LOST_MS) {
      await pause(LOOK_MS);
      const answer = await customer.ask({ route: "GET /v1/edits/{id}", path: `/v1/edits/${seen.id}` });
      if (answer.status === 200) this.#end(seen, editSchema.parse(answer.json));
    }
  }

  #end(seen: SeenEdit, { status, started_at, finished_at, error }: Edit): void {
    seen.status = status;
    if (finished_at === null) return;
    const { recorder } = this.#options;
    seen.startedAt = started_at === null ? null : recorder.since(started_at);
    seen.finishedAt = recorder.since(finished_at);
    seen.error = error?.code ?? null;
  }
}
