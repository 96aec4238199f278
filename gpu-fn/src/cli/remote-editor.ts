import { ApiError, type Client, createClient, type FollowedEvent } from "../../../shared/client/src/index.ts";
import { type RequestSettings, request } from "../../../shared/client/src/request.ts";
import type { Edit } from "../../../shared/edit.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { CanceledError, InputError } from "../errors.ts";
import { decodeGrey, decodePhoto, inspectImage } from "../image/decode.ts";
import type { PictureFile } from "../region/request.ts";
import type { Presets } from "./edit-settings.ts";
import type { Edited, Editor, EditorHooks, Order } from "./editor.ts";
import { DOING } from "./local-editor.ts";
import { asServerError, failureOf } from "./server-error.ts";

/**
 * Settings for the server at an address, with the token in it, as returned by `POST /v1/sign`, or else with the key.
 * @throws InputError if the address is invalid, or there is neither a key nor a token
 */
export function serverOf(address: string, key: string | undefined): RequestSettings {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InputError("option_invalid", `--api ${address}: give the server's address, https://…`);
  const token = url.searchParams.get("token");
  if (token !== null) return { url: url.origin, token };
  if (!key)
    throw new InputError("option_invalid", "--api needs a key in FLUX_API_KEY, or a token in the URL");
  return { url: url.origin, key };
}

/** The server's presets: its model may have its own. */
export async function remotePresets(settings: RequestSettings): Promise<Presets> {
  try {
    const { presets } = await createClient(settings).listPresets();
    const own = presets.map(({ name, schedule }) => [name, scheduleSchema.parse(schedule)]);
    return { ...PRESETS, ...Object.fromEntries(own) };
  } catch (error) {
    throw asServerError(error);
  }
}

/** Edits on a server. The photo is sent with the order, so it is erased with the edit. */
export function openRemote(settings: RequestSettings): Editor {
  const client = createClient(settings);
  return {
    edit: async (order, hooks) => {
      try {
        return await editThere(client, order, hooks);
      } catch (error) {
        throw asServerError(error);
      }
    },
    close: async () => undefined,
  };
}

async function editThere(client: Client, order: Order, hooks: EditorHooks): Promise<Edited> {
  const { settings, photo, mask, format } = order;
  const { signal } = hooks;
  hooks.onAdvance({ doing: "sending", done: 0, total: 1 });
  // accepting is short and not interrupted: an edit whose id is unknown could not be cancelled
  const { id } = await client.createEdit({
    image: await pictureOf(photo),
    ...(mask && { mask: await pictureOf(mask) }),
    prompt: settings.prompt,
    source_prompt: settings.sourcePrompt,
    // by name where it has one: a token may allow some names only
    schedule: settings.preset ?? settings.schedule,
    mask_options: settings.maskOptions,
    ...(settings.face !== undefined && { face: settings.face }),
    composite: settings.composite,
    output: { format },
  });
  try {
    signal.throwIfAborted();
    const edit = await ended(client, id, hooks);
    hooks.onAdvance({ doing: "fetching", done: 1, total: 1, leftMs: 0 });
    return await received(edit, photo, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    await client.cancelEdit(id).catch((refusal: unknown) => {
      const over = refusal instanceof ApiError && refusal.status === 409;
      if (!over) throw refusal;
    });
    throw new CanceledError();
  }
}

/** Follows an edit until it ends. @throws ServerError if it failed; CanceledError */
async function ended(client: Client, id: string, { signal, onAdvance }: EditorHooks): Promise<Edit> {
  for await (const received of client.followEdit(id, { signal })) {
    if (received.event === "succeeded") return received.data;
    if (received.event === "failed") throw failureOf(received.data);
    if (received.event === "canceled") throw new CanceledError();
    const advance = advanceOf(received);
    if (advance !== null) onAdvance(advance);
  }
  throw new Error(`the events of ${id} ended before the edit did`);
}

/** Both passes have the same number of steps, and the inversion comes first. */
function advanceOf(received: FollowedEvent) {
  if (received.event === "queued") return { doing: `place ${received.data.position}`, done: 0, total: 1 };
  if (received.event !== "progress") return null;
  const { phase, step, steps, eta_ms } = received.data;
  const before = phase === "edit" ? steps : 0;
  return { doing: DOING[phase], done: before + step, total: Math.max(1, 2 * steps), leftMs: eta_ms };
}

async function received(edit: Edit, photo: PictureFile, signal: AbortSignal): Promise<Edited> {
  if (edit.image === null || edit.mask === null) throw new Error(`the content of ${edit.id} is erased`);
  const [image, mask] = [await download(edit.image.url, signal), await download(edit.mask.url, signal)];
  return {
    image,
    width: edit.image.width,
    height: edit.image.height,
    mask,
    coverage: edit.mask.coverage,
    preservation: edit.preservation,
    evaluations: edit.timings?.evaluations ?? 0,
    readAs: edit.read_as,
    warnings: edit.warnings,
    seconds: (edit.timings?.total_ms ?? 0) / 1000,
    editId: edit.id,
    credits: edit.usage.credits,
    panels: async () => ({
      source: await decodePhoto(photo.bytes),
      edited: await decodePhoto(image),
      mask: (await decodeGrey(mask)).data,
    }),
  };
}

/** Downloads from a signed address, which needs no key; none is sent. */
async function download(url: string, signal: AbortSignal): Promise<Uint8Array> {
  return new Uint8Array(await (await request({ url }, url, { signal })).arrayBuffer());
}

/** A picture for the server, after the engine's own checks. @throws InputError as the engine does */
async function pictureOf({ bytes }: PictureFile): Promise<Blob> {
  const { format } = await inspectImage(bytes);
  return new Blob([bytes as Uint8Array<ArrayBuffer>], {
    type: `image/${format === "heif" ? "avif" : format}`,
  });
}
