import { type Client, createClient, type EditOrder } from "../../../../shared/client/src/index.ts";
import { request } from "../../../../shared/client/src/request.ts";
import type { Edit } from "../../../../shared/edit.ts";
import type { EditEvent } from "../../../../shared/event.ts";
import type { PhotoType } from "../../../../shared/image.ts";
import { type Model, modelsSchema } from "../model/models.ts";
import { type Preset, presetsSchema } from "../model/schedule-choice.ts";
import type { Access } from "./access.ts";
import { put } from "./upload.ts";

/** The worker's own origin: the page's policy allows no other, whatever name the worker knows itself by. */
const origin = () => location.origin;

/** An address of an answer, at this origin. */
export function here(url: string): string {
  const { pathname, search } = new URL(url, origin());
  return pathname + search;
}

export async function loadPresets(): Promise<readonly Preset[]> {
  const answer = await request({ url: origin() }, "/v1/presets", {});
  return presetsSchema.parse(await answer.json()).presets;
}

export async function loadModel(): Promise<Model> {
  const answer = await request({ url: origin() }, "/v1/models", {});
  const [model] = modelsSchema.parse(await answer.json()).models;
  return model as Model;
}

export async function editClient(access: Access): Promise<Client> {
  return createClient({ url: origin(), token: (await access.tokens()).edit });
}

/** Uploads a photo; its id. */
export async function uploadPhoto(
  access: Access,
  blob: Blob,
  type: PhotoType,
  { signal, progress }: { signal: AbortSignal; progress: (share: number) => void },
): Promise<string> {
  const client = createClient({ url: origin(), token: (await access.tokens()).upload });
  const { url, image_id } = await client.createUpload({ content_type: type, bytes: blob.size }, { signal });
  await put(here(url), blob, type, { signal, progress });
  return image_id;
}

/** Ways to hear of an edit while it runs. */
export interface Hearing {
  readonly signal: AbortSignal;
  readonly accepted: (edit: Edit) => void;
  readonly news: (event: EditEvent) => void;
}

/** Has an edit made and follows it to its end: over its stream of events, or by asking where that breaks for good. */
export async function makeEdit(client: Client, order: EditOrder, hearing: Hearing): Promise<Edit> {
  const { signal, accepted, news } = hearing;
  const edit = await client.createEdit(order, { signal });
  accepted(edit);
  try {
    for await (const event of client.followEdit(edit.id, { signal })) {
      news(event);
      if (event.event === "succeeded" || event.event === "failed" || event.event === "canceled")
        return event.data;
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return client.waitForEdit(edit.id, { signal });
}

/** A picture of the API, kept by the page. @throws ApiError */
export async function picture(url: string, signal?: AbortSignal): Promise<Blob> {
  return (await request({ url: origin() }, here(url), { signal })).blob();
}
