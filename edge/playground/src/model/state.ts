import type { Face } from "../../../../shared/client/src/index.ts";
import type { Subject, Wanted } from "./attributes.ts";
import { EMPTY, type History, type Outcome, type Recipe } from "./history.ts";
import { type Located, MASK_DEFAULTS, type MaskSettings, type Region } from "./mask.ts";
import type { Model } from "./models.ts";
import type { Photo } from "./photo.ts";
import { PLAN, type Plan, type Preset } from "./schedule-choice.ts";
import type { Brush, Stroke } from "./strokes.ts";
import { BRUSH } from "./strokes.ts";
import type { Trouble } from "./words.ts";

/** An edit under way. */
export interface Run {
  readonly recipe: Recipe;
  /** The version that was shown when it began. */
  readonly parent: string | null;
  readonly words: string;
  /** 0 to 1; null while nobody knows. */
  readonly fraction: number | null;
  readonly etaMs: number | null;
  /** Address of the latest preview. */
  readonly preview: string | null;
}

/** Trouble, and what had it: trying again means to do that again. */
export interface Told extends Trouble {
  readonly of: "page" | "photo" | "region" | "edit";
}

/** Whether the page has tokens: asked for, there, or to be given by the visitor. */
export type Access = "asking" | "open" | "needed";

export interface State {
  readonly access: Access;
  readonly photo: Photo | null;
  /** Share of the photo that is uploaded, null while none is. */
  readonly uploading: number | null;
  readonly wanted: Wanted;
  /** What is typed and not yet a chip. */
  readonly draft: string;
  readonly plan: Plan;
  readonly presets: readonly Preset[];
  readonly model: Model | null;
  readonly region: Region;
  readonly strokes: readonly Stroke[];
  readonly brush: Brush;
  /** What the stage shows: the photo with its region, or the edit beside the photo. */
  readonly view: "region" | "result";
  readonly history: History;
  readonly run: Run | null;
  readonly trouble: Told | null;
}

export type Action =
  | { type: "access"; access: Access }
  | { type: "presets"; presets: readonly Preset[] }
  | { type: "model"; model: Model }
  | { type: "photo"; photo: Photo; subject: Subject | null }
  | { type: "uploading"; share: number }
  | { type: "uploaded"; url: string; image: string }
  | { type: "restore"; kept: Kept; at: string | null }
  | { type: "close" }
  | { type: "subject"; subject: Subject }
  | { type: "draft"; text: string }
  | { type: "add"; subject: Subject | null; attributes: readonly string[] }
  | { type: "remove"; attribute: string }
  | { type: "plan"; plan: Partial<Plan> }
  | { type: "mask"; settings: Partial<MaskSettings> }
  | { type: "locate" }
  | { type: "locating" }
  | { type: "located"; located: Located | null; faces?: readonly Face[] }
  | { type: "unlocated"; fault: Trouble }
  | { type: "face"; face: number }
  | { type: "brush"; brush: Partial<Brush> }
  | { type: "stroke"; stroke: Stroke }
  | { type: "unstroke" }
  | { type: "restart strokes" }
  | { type: "view"; view: State["view"] }
  | { type: "run"; recipe: Recipe }
  | { type: "running"; news: Partial<Pick<Run, "words" | "fraction" | "etaMs" | "preview">> }
  | { type: "ran"; id: string; outcome: Outcome }
  | { type: "stopped" }
  | { type: "trouble"; trouble: Told | null }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "choose"; at: string | null };

/** A photo with its versions, and what was set, as this browser keeps them. */
export interface Kept {
  readonly photo: Photo;
  readonly history: History;
  readonly recipe: Recipe;
}

/** The page as it opens. @param link what its address carries */
export function opening(link: { wanted: Wanted; plan: Plan; mask: MaskSettings } | null = null): State {
  return {
    access: "asking",
    photo: null,
    uploading: null,
    wanted: link?.wanted ?? { subject: "person", attributes: [] },
    draft: "",
    plan: link?.plan ?? PLAN,
    presets: [],
    model: null,
    region: {
      settings: link?.mask ?? MASK_DEFAULTS,
      located: null,
      locating: false,
      faces: [],
      face: null,
      fault: null,
      tries: 0,
    },
    strokes: [],
    brush: BRUSH,
    view: "region",
    history: EMPTY,
    run: null,
    trouble: null,
  };
}
