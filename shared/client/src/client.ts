import { ApiError, EditError, retryAfterOf } from "./errors.ts";
import { type FollowedEvent, type Following, followEdit } from "./events.ts";
import { type RequestOptions, type RequestSettings, request, sleep } from "./request.ts";
import type {
  Account,
  AlternativesOrder,
  Edit,
  EditEvent,
  EditOrder,
  EditStatus,
  Image,
  Mask,
  MaskOrder,
  Picture,
  Presets,
  Progress,
  Signed,
  SignRequest,
  SucceededEdit,
  Upload,
  UploadRequest,
} from "./types.ts";

export interface Once {
  /** The same key has its effect once; each call gets a new one by default. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options for waiting. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

export interface EditHooks extends Once {
  /** Called with the edit's progress. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with every event, `accepted` first. What a hook throws, `edit` throws; the edit continues. */
  readonly onEvent?: ((event: StreamedEvent) => void) | undefined;
}

/** The events of `stream`: the edit as it was accepted, then its further events. */
export type StreamedEvent = { readonly event: "accepted"; readonly data: Edit } | EditEvent;

/** First and longest interval between two polls of an edit, in milliseconds. */
const LOOK_MS = { first: 250, longest: 5_000, growth: 1.5 } as const;

/**
 * The API, typed. After rate limits, outages and broken connections a request is retried, a few times and at the API's
 * own pace; a POST always under the same Idempotency-Key. Every method throws `ApiError` if the API refuses and
 * `ConnectionError` if nothing answers. Answers are typed by the contract, and not checked against it at run time.
 */
export interface Client {
  /** Makes an edit and waits for its picture; aborting cancels it. @throws EditError if it ends without one */
  edit(order: EditOrder, hooks?: EditHooks): Promise<SucceededEdit>;
  /** Makes an edit and yields its events up to its end; leaving the loop does not cancel it. */
  stream(order: EditOrder, once?: Once): AsyncGenerator<StreamedEvent, void>;
  /** Uploads a photo or a mask; its `id` can be used as `image` or `mask`. */
  upload(file: Blob | Uint8Array<ArrayBuffer>, once?: Once): Promise<Image>;

  /** Requests an edit without waiting, or waits at most `wait` seconds (60). */
  createEdit(order: EditOrder, options?: Once & { readonly wait?: number }): Promise<Edit>;
  /** Several alternatives of one uploaded photo, one edit for each, in order; all are accepted or none. */
  createAlternatives(order: AlternativesOrder, once?: Once): Promise<readonly Edit[]>;
  createMask(order: MaskOrder, once?: Once): Promise<Mask>;
  getEdit(id: string, options?: Waiting): Promise<Edit>;
  /** The edit once it is final: `succeeded`, `failed` or `canceled`. */
  waitForEdit(id: string, options?: Waiting): Promise<Edit>;
  /** The events of an edit up to its end, as they happen; broken streams are resumed. */
  followEdit(id: string, options?: Following): AsyncGenerator<FollowedEvent, void>;
  cancelEdit(id: string, once?: Once): Promise<Edit>;
  /** All edits, newest first; pages are loaded on demand. */
  listEdits(filter?: { readonly status?: EditStatus; readonly limit?: number }): AsyncGenerator<Edit, void>;
  /** Erases its mask, its result and the pictures that came with it. */
  deleteEdit(id: string): Promise<void>;
  /** Erases the image and everything derived from it. */
  deleteImage(id: string): Promise<void>;
  /** A URL that one image can be PUT to without a key. */
  createUpload(upload: UploadRequest, once?: Once): Promise<Upload>;
  /** A token for an app or a page. */
  createToken(grant: SignRequest, once?: Once): Promise<Signed>;
  getAccount(): Promise<Account>;
  /** Schedules with their prices, and the regions that can be located. */
  listPresets(): Promise<Presets>;
}

/**
 * Creates a client.
 * @param settings where the API is, and a key or a token for it
 * @throws TypeError if the address is invalid
 */
export function createClient(settings: RequestSettings): Client {
  if (!/^https?:\/\//.test(settings.url ?? ""))
    throw new TypeError(`url: give the API's address, https://…, not ${settings.url}`);
  const ask = async <T>(path: string, options: RequestOptions = {}): Promise<T> =>
    jsonOf(await request(settings, path, options), settings.url);
  const post = <T>(path: string, body: unknown, once: Once = {}) =>
    ask<T>(path, { ...once, method: "POST", body });
  const erase = async (path: string) => {
    await (await request(settings, path, { method: "DELETE" })).body?.cancel();
  };

  const client: Client = {
    edit: async (order, { onProgress, onEvent, ...once } = {}) => {
      const accepted = await client.createEdit(order, once);
      onEvent?.({ event: "accepted", data: accepted });
      try {
        return succeeded(await ended(client, accepted, { onProgress, onEvent, signal: once.signal }));
      } catch (error) {
        // no caller waits for it any more; whether it could still be canceled changes nothing here
        if (once.signal?.aborted) await client.cancelEdit(accepted.id).catch(() => undefined);
        throw error;
      }
    },
    async *stream(order, once = {}) {
      const accepted = await client.createEdit(order, once);
      yield { event: "accepted", data: accepted };
      for await (const { id: _, ...event } of client.followEdit(accepted.id, { signal: once.signal }))
        yield event;
    },
    upload: (body, once) =>
      ask("/v1/images", {
        ...once,
        method: "POST",
        body,
        headers: { "Content-Type": (body instanceof Blob && body.type) || "application/octet-stream" },
      }),
    createEdit: (order, { wait, ...once } = {}) =>
      ask("/v1/edits", {
        ...once,
        method: "POST",
        body: bodyOf(order),
        ...(wait !== undefined && { headers: { Prefer: `wait=${wait}` } }),
      }),
    createAlternatives: async (order, once) =>
      (await post<{ data: readonly Edit[] }>("/v1/alternatives", order, once)).data,
    createMask: (order, once) => post("/v1/masks", order, once),
    getEdit: (id, options) => ask(editPath(id), options),
    waitForEdit: async (id, { signal } = {}) => {
      for (let pause: number = LOOK_MS.first; ; pause = Math.min(LOOK_MS.longest, pause * LOOK_MS.growth)) {
        const answer = await request(settings, editPath(id), { signal });
        const edit: Edit = await jsonOf(answer, settings.url);
        if (edit.status !== "queued" && edit.status !== "running") return edit;
        await sleep(Math.max(pause, (retryAfterOf(answer.headers) ?? 0) * 1000), signal);
      }
    },
    followEdit: (id, options) => followEdit(settings, `${editPath(id)}/events`, options),
    cancelEdit: (id, once) => post(`${editPath(id)}/cancel`, undefined, once),
    async *listEdits(filter = {}) {
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page: Page = await ask("/v1/edits", { query: { ...filter, cursor } });
        yield* page.data;
        cursor = page.next_cursor;
      }
    },
    deleteEdit: (id) => erase(editPath(id)),
    deleteImage: (id) => erase(`/v1/images/${encodeURIComponent(id)}`),
    createUpload: (upload, once) => post("/v1/uploads", upload, once),
    createToken: (grant, once) => post("/v1/sign", grant, once),
    getAccount: () => ask("/v1/account"),
    listPresets: () => ask("/v1/presets"),
  };
  return client;
}

/** @throws ApiError without a problem if it is not JSON: another server answered */
async function jsonOf<T>(answer: Response, url: string): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch {
    throw new ApiError(answer.status, null, null, url);
  }
}

interface Page {
  readonly data: readonly Edit[];
  readonly next_cursor: string | null;
}

/** Follows an edit to its end: by its events, or by polling if the stream breaks for good. */
async function ended(
  client: Client,
  { id }: Edit,
  { onProgress, onEvent, signal }: EditHooks,
): Promise<Edit> {
  for await (const { id: _, ...event } of untilBroken(client.followEdit(id, { signal }), signal)) {
    onEvent?.(event);
    if (event.event === "progress") onProgress?.(event.data);
    if (event.event === "succeeded" || event.event === "failed" || event.event === "canceled")
      return event.data;
  }
  return client.waitForEdit(id, { signal });
}

/** Events until their stream ends or breaks for good; what a caller's hook throws is not caught here. */
async function* untilBroken(
  events: AsyncGenerator<FollowedEvent, void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<FollowedEvent, void> {
  try {
    yield* events;
  } catch (error) {
    if (signal?.aborted) throw error;
  }
}

/** @throws EditError */
function succeeded(edit: Edit): SucceededEdit {
  if (edit.status !== "succeeded" || edit.image === null) throw new EditError(edit);
  return edit as SucceededEdit;
}

const editPath = (id: string) => `/v1/edits/${encodeURIComponent(id)}`;

const isFile = (value: unknown): value is Exclude<Picture, string> =>
  value instanceof Blob ||
  value instanceof Uint8Array ||
  (typeof value === "object" && value !== null && "uri" in value);

/** JSON, or a form if a picture is included: texts as they are, everything else as JSON in its field. */
function bodyOf(order: EditOrder): unknown {
  if (!isFile(order.image) && !isFile(order.mask)) return order;
  const form = new FormData();
  for (const [name, value] of Object.entries(order)) {
    if (value === undefined) continue;
    // React Native's own forms take a file by its address
    if (value instanceof Uint8Array) form.append(name, new Blob([value as Uint8Array<ArrayBuffer>]));
    else if (typeof value === "string" || isFile(value)) form.append(name, value as string | Blob);
    else form.append(name, JSON.stringify(value));
  }
  return form;
}
