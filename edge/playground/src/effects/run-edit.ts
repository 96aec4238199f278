import type { Client, EditOrder } from "../../../../shared/client/src/index.ts";
import type { Edit } from "../../../../shared/edit.ts";
import type { EditEvent } from "../../../../shared/event.ts";
import { promptsOf, sourcePromptOf } from "../model/attributes.ts";
import { detailsOf } from "../model/details.ts";
import type { Outcome, Recipe } from "../model/history.ts";
import type { Photo } from "../model/photo.ts";
import { fractionOf, phaseWords } from "../model/progress.ts";
import { type Preset, scheduleFor } from "../model/schedule-choice.ts";
import type { Run } from "../model/state.ts";
import { here, makeEdit, picture } from "./api.ts";

/** An edit that ended otherwise than with a picture. */
export class EditFailure extends Error {
  override readonly name = "EditFailure";
  readonly edit: Edit;

  constructor(edit: Edit) {
    super(edit.error?.detail ?? edit.status);
    this.edit = edit;
  }
}

/** The request of a recipe. @param mask what was painted, null if the API locates the region */
export function orderOf(
  recipe: Recipe,
  image: string,
  presets: readonly Preset[],
  mask: Blob | null,
): EditOrder {
  const { wanted, plan, mask: settings, face } = recipe;
  return {
    image,
    source_prompt: sourcePromptOf(wanted.subject),
    edits: promptsOf(wanted).map((prompt) => ({ prompt })),
    schedule: scheduleFor(presets, plan),
    ...(face !== null && { face }),
    ...(mask === null
      ? { mask_options: settings }
      : // what was painted over the located mask is what is meant: nothing is grown or softened once more
        { mask, mask_options: { grow: 0, feather: 0 } }),
  };
}

type News = Partial<Pick<Run, "words" | "fraction" | "etaMs" | "preview">>;

/** What an event changes in the page. */
export function newsOf(event: EditEvent): News {
  switch (event.event) {
    case "queued":
      return {
        words: event.data.position > 1 ? `Waiting, place ${event.data.position}` : "Waiting for the model",
      };
    case "started":
      return { words: "Started", fraction: 0.01 };
    case "progress":
      return { words: phaseWords(event.data), fraction: fractionOf(event.data), etaMs: event.data.eta_ms };
    case "preview":
      return { preview: here(event.data.url) };
    case "succeeded":
      return { words: "Fetching the picture", fraction: 1, etaMs: null };
    default:
      return {};
  }
}

export interface Running {
  readonly signal: AbortSignal;
  readonly accepted: (edit: Edit) => void;
  readonly news: (news: News) => void;
}

/** Runs a recipe to its picture. @throws EditFailure, ApiError, the signal's reason */
export async function runRecipe(
  client: Client,
  order: EditOrder,
  { signal, accepted, news }: Running,
): Promise<{ id: string; outcome: Outcome }> {
  const edit = await makeEdit(client, order, { signal, accepted, news: (event) => news(newsOf(event)) });
  if (edit.status !== "succeeded" || edit.image === null) throw new EditFailure(edit);
  const blob = await picture(edit.image.url, signal);
  return {
    id: edit.id,
    outcome: {
      url: URL.createObjectURL(blob),
      blob,
      type: edit.image.content_type,
      coverage: edit.mask?.coverage ?? null,
      notes: [...(edit.read_as === null ? [] : [`read as “${edit.read_as}”`]), ...edit.warnings],
      details: detailsOf(edit),
    },
  };
}

/** The file name a picture is saved under. */
export function fileName(photo: Photo, attributes: readonly string[], type: string): string {
  const words = attributes
    .join(" ")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
  const base = photo.name.replace(/\.[^.]*$/, "");
  return `${base}-${words.replace(/^-|-$/g, "")}.${type.replace("image/", "").replace("jpeg", "jpg")}`;
}
