import { join } from "node:path";
import sharp from "sharp";
import { Webhook } from "standardwebhooks";
import { ApiError, type Client, createClient } from "../../../shared/client/src/index.ts";
import { type Edit, editSchema, isFinal } from "../../../shared/edit.ts";
import type { Arrival } from "./invariants.ts";

/** The photo that the stories edit: small, for its pixels are not what they are about. */
const PHOTO = new Uint8Array(
  await sharp(join(import.meta.dirname, "../../../gpu-fn/examples/portrait-01.png"))
    .resize(192)
    .png()
    .toBuffer(),
);

/** A request under a fault must be answered within this time, or counts as unanswered. */
const ANSWER_MS = 70_000;
const LOOK_MS = 150;

export interface Order {
  readonly steps: number;
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  readonly wait?: number;
  /** An uploaded photo, instead of one sent with the request. */
  readonly image?: string;
  readonly signal?: AbortSignal;
}

/** Longest that an edit of a story may take; its URLs can be written for a minute more. */
const DEADLINE_MS = 180_000;

/** An account with its client, which remembers the API's answers. */
export class Tenant {
  readonly id: string;
  readonly api: Client;
  /** Edits that the API reported as accepted, and those it reported as erased. */
  readonly accepted = new Set<string>();
  readonly erased = new Set<string>();
  readonly #key: string;
  readonly #url: string;
  readonly #webhookUrl: string;

  constructor(given: { id: string; key: string; url: string; webhookUrl: string }) {
    this.id = given.id;
    this.#key = given.key;
    this.#url = given.url;
    this.#webhookUrl = given.webhookUrl;
    this.api = createClient({ url: given.url, key: given.key, retries: 12 });
  }

  /** Requests glasses on the portrait and returns any answer. @throws if there is none */
  create({ steps, deadlineMs = DEADLINE_MS, idempotencyKey, wait, image, signal }: Order): Promise<Response> {
    const fields = {
      source_prompt: "a woman",
      prompt: "a woman wearing glasses",
      schedule: { steps, structuring_steps: 1 },
      deadline_ms: deadlineMs,
      webhook_url: this.#webhookUrl,
    };
    return fetch(`${this.#url}/v1/edits`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
        ...(image === undefined ? {} : { "content-type": "application/json" }),
      },
      body: image === undefined ? formOf(fields) : JSON.stringify({ ...fields, image }),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal === undefined ? [] : [signal])]),
    });
  }

  /** The id of an edit that was just accepted. @throws if it was not */
  async edit(order: Order): Promise<string> {
    const answer = await this.create(order);
    if (answer.status !== 202 && answer.status !== 200)
      throw new Error(`an edit was refused: ${answer.status} ${await answer.text()}`);
    const { id } = editSchema.parse(await answer.json());
    this.accepted.add(id);
    return id;
  }

  /** Like `edit`, but repeated under the same key until there is an answer. */
  async editSurely(order: Order & { readonly idempotencyKey: string }, untilMs: number): Promise<string> {
    for (;;) {
      const answer = await this.edit(order).catch((error: unknown) => {
        if (Date.now() > untilMs) throw error;
        return null;
      });
      if (answer !== null) return answer;
      await pause(LOOK_MS);
    }
  }

  async upload(): Promise<string> {
    return (await this.api.upload(PHOTO)).id;
  }

  /** Erases an edit; repeated until the API confirms it. */
  async eraseEdit(id: string): Promise<void> {
    await gone(() => this.api.deleteEdit(id));
    this.erased.add(id);
  }

  /** Erases a photo and the edits that were made from it. */
  async eraseImage(id: string, edits: readonly string[]): Promise<void> {
    await gone(() => this.api.deleteImage(id));
    for (const edit of edits) this.erased.add(edit);
  }

  /** The edit once it is final. A worker that is away is asked again. @throws if it takes longer */
  async settled(id: string, timeoutMs: number): Promise<Edit> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const edit = await this.#look(id);
      if (edit !== null && isFinal(edit)) return edit;
      if (Date.now() > until)
        throw new Error(`${id} is ${edit?.status ?? "not to be seen"} after ${timeoutMs / 1000} s`);
      await pause(LOOK_MS);
    }
  }

  /** The webhooks received for this account. */
  arrivalsOf(lines: readonly Record<string, string>[], secrets: readonly string[]): Arrival[] {
    return lines.flatMap(({ id = "", timestamp, signature = "", body = "" }) => {
      const { type, data } = JSON.parse(body);
      if (!this.#isOurs(data, secrets, { id, timestamp, signature, body })) return [];
      return [{ id, type, edit: data.id, signed: isSigned(secrets, { id, timestamp, signature, body }) }];
    });
  }

  #isOurs({ id }: { id: string }, secrets: readonly string[], signed: Signed): boolean {
    return this.accepted.has(id) || this.erased.has(id) || isSigned(secrets, signed);
  }

  async #look(id: string): Promise<Edit | null> {
    try {
      const answer = await fetch(`${this.#url}/v1/edits/${id}`, {
        headers: { authorization: `Bearer ${this.#key}` },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return answer.ok ? editSchema.parse(await answer.json()) : null;
    } catch {
      return null; // away: that is what the story is about
    }
  }
}

/** Erases something; that it is not there any more is as good, for the answer before may have been lost. */
async function gone(erase: () => Promise<void>): Promise<void> {
  try {
    await erase();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

interface Signed {
  readonly id: string;
  readonly timestamp: string | undefined;
  readonly signature: string;
  readonly body: string;
}

/** The receivers' library refuses a signature that is older than five minutes: here the worker's clock may be anywhere. */
function isSigned(secrets: readonly string[], { id, timestamp, signature, body }: Signed): boolean {
  const at = new Date(1000 * Number(timestamp));
  return secrets.some((secret) => signature.split(" ").includes(new Webhook(secret).sign(id, at, body)));
}

function formOf(fields: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  form.set("image", new Blob([PHOTO], { type: "image/png" }), "portrait.png");
  for (const [name, value] of Object.entries(fields))
    form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  return form;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
