import type { z } from "zod";
import { type alternativesRequestSchema, alternativesSchema } from "./alternatives.ts";
import {
  type Account,
  accountSchema,
  editPageSchema,
  type Image,
  imageSchema,
  type Mask,
  maskSchema,
} from "./answers.ts";
import { retryAfterOf } from "./client-errors.ts";
import { type FollowedEvent, type Following, followEdit } from "./client-events.ts";
import { type RequestOptions, type RequestSettings, request, sleep } from "./client-request.ts";
import { type Edit, type EditStatus, type editRequestSchema, editSchema } from "./edit.ts";
import type { maskOptionsSchema } from "./mask.ts";
import { type Signed, type SignRequest, signedSchema, type UploadRequest, uploadSchema } from "./sign.ts";

export { ApiError } from "./client-errors.ts";
export type { FollowedEvent, Following } from "./client-events.ts";

/** What an edit asks for; a picture may also come along as a `Blob`. */
export type EditOrder = Omit<z.input<typeof editRequestSchema>, "image" | "mask"> & {
  readonly image: string | Blob;
  readonly mask?: string | Blob;
};

export type AlternativesOrder = z.input<typeof alternativesRequestSchema>;

/** What a mask is located for: one prompt, or `edits`, each attribute apart. */
export type MaskOrder = Omit<NonNullable<z.input<typeof maskOptionsSchema>>, "invert"> &
  Pick<EditOrder, "prompt" | "edits"> & { readonly image: string };

export interface Once {
  /** The same key makes the same thing happen once; each call has a new one where none is given. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Ways to wait for an edit to be final. */
export interface Waiting {
  readonly signal?: AbortSignal;
}

/** First and longest pause between two looks at an edit, in milliseconds. */
const LOOK_MS = { first: 250, longest: 5_000, growth: 1.5 } as const;

/**
 * The public API, typed. Answers are checked by the schemas that the API itself is made from. Limits, outages and broken
 * connections are tried again, a few times and at the API's own pace, a POST always under the same Idempotency-Key.
 * Every method throws `ApiError` where the API refuses.
 */
export interface Client {
  uploadImage(bytes: Uint8Array<ArrayBuffer> | Blob, contentType: string, once?: Once): Promise<Image>;
  mask(order: MaskOrder, once?: Once): Promise<Mask>;
  /** `wait` is how many seconds the answer may take (at most 60) for the edit to be final in it. */
  edit(order: EditOrder, options?: Once & { readonly wait?: number }): Promise<Edit>;
  /** Several wishes for one uploaded photo, an edit for each, in their order; all are accepted or none. */
  alternatives(order: AlternativesOrder, once?: Once): Promise<readonly Edit[]>;
  getEdit(id: string, options?: Waiting): Promise<Edit>;
  /** The edit once it is final: `succeeded`, `failed` or `canceled`. */
  waitForEdit(id: string, options?: Waiting): Promise<Edit>;
  /** What happens to the edit, up to its end, as it happens; broken streams are resumed. */
  events(id: string, options?: Following): AsyncGenerator<FollowedEvent, void>;
  cancelEdit(id: string, once?: Once): Promise<Edit>;
  /** All edits, newest first, page by page as they are asked for. */
  listEdits(filter?: { readonly status?: EditStatus; readonly limit?: number }): AsyncGenerator<Edit, void>;
  /** Erases its mask and result. */
  deleteEdit(id: string): Promise<void>;
  /** Erases the image and all that was derived from it. */
  deleteImage(id: string): Promise<void>;
  /** A URL that one image can be PUT to without a key. */
  createUpload(upload: UploadRequest, once?: Once): Promise<z.output<typeof uploadSchema>>;
  /** A token for an app or a page. */
  sign(grant: SignRequest, once?: Once): Promise<Signed>;
  account(): Promise<Account>;
}

/** @param settings where the API is, and a key or a token for it */
export function createClient(settings: RequestSettings): Client {
  const ask = async <S extends z.ZodType>(schema: S, path: string, options: RequestOptions = {}) =>
    schema.parse(await (await request(settings, path, options)).json());
  const erase = async (path: string) => {
    await (await request(settings, path, { method: "DELETE" })).body?.cancel();
  };

  const client: Client = {
    uploadImage: (body, contentType, once) =>
      ask(imageSchema, "/v1/images", {
        ...once,
        method: "POST",
        body,
        headers: { "Content-Type": contentType },
      }),
    mask: (body, once) => ask(maskSchema, "/v1/masks", { ...once, method: "POST", body }),
    edit: (order, { wait, ...once } = {}) =>
      ask(editSchema, "/v1/edits", {
        ...once,
        method: "POST",
        body: bodyOf(order),
        ...(wait !== undefined && { headers: { Prefer: `wait=${wait}` } }),
      }),
    alternatives: async (body, once) =>
      (await ask(alternativesSchema, "/v1/alternatives", { ...once, method: "POST", body })).data,
    getEdit: (id, options) => ask(editSchema, editPath(id), options),
    waitForEdit: async (id, { signal } = {}) => {
      for (let pause: number = LOOK_MS.first; ; pause = Math.min(LOOK_MS.longest, pause * LOOK_MS.growth)) {
        const answer = await request(settings, editPath(id), { signal });
        const edit = editSchema.parse(await answer.json());
        if (edit.status !== "queued" && edit.status !== "running") return edit;
        await sleep(Math.max(pause, (retryAfterOf(answer.headers) ?? 0) * 1000), signal);
      }
    },
    events: (id, options) => followEdit(settings, `${editPath(id)}/events`, options),
    cancelEdit: (id, once) => ask(editSchema, `${editPath(id)}/cancel`, { ...once, method: "POST" }),
    async *listEdits(filter = {}) {
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page: z.output<typeof editPageSchema> = await ask(editPageSchema, "/v1/edits", {
          query: { ...filter, cursor },
        });
        yield* page.data;
        cursor = page.next_cursor;
      }
    },
    deleteEdit: (id) => erase(editPath(id)),
    deleteImage: (id) => erase(`/v1/images/${encodeURIComponent(id)}`),
    createUpload: (body, once) => ask(uploadSchema, "/v1/uploads", { ...once, method: "POST", body }),
    sign: (body, once) => ask(signedSchema, "/v1/sign", { ...once, method: "POST", body }),
    account: () => ask(accountSchema, "/v1/account"),
  };
  return client;
}

const editPath = (id: string) => `/v1/edits/${encodeURIComponent(id)}`;

/** JSON, or a form where a picture comes along: texts as they are, everything else as JSON in its field. */
function bodyOf(order: EditOrder): unknown {
  if (!(order.image instanceof Blob) && !(order.mask instanceof Blob)) return order;
  const form = new FormData();
  for (const [name, value] of Object.entries(order)) {
    if (value === undefined) continue;
    form.set(name, typeof value === "string" || value instanceof Blob ? value : JSON.stringify(value));
  }
  return form;
}
