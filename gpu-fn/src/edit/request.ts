import type { Schedule } from "../../../shared/schedule.ts";
import type { Photo } from "../image/picture.ts";
import type { Window } from "../image/window.ts";
import type { FoundRegion, RegionRequest } from "../region/request.ts";
import type { Ablation } from "./ablation.ts";
import type { PhaseTimings } from "./phase-clock.ts";
import type { Preservation } from "./preservation.ts";

/** A thing to be removed, as captions say it. */
export interface Removal {
  /** What the thing is called in the refusal: "glasses". */
  readonly thing: string;
  /** A caption of a portrait without it. */
  readonly without: string;
  /** Captions of portraits with it, one for each of its kinds. */
  readonly shown: readonly string[];
}

/** A request for one edit, with validated text and schedule and undecoded pictures. */
export interface EditRequest extends Omit<RegionRequest, "locate"> {
  readonly prompt: string;
  readonly sourcePrompt: string;
  /** Default: the prompt. */
  readonly locate?: readonly string[];
  /** What the request is about, if that is to remove one thing: refused where the photo lacks it. */
  readonly removal?: Removal;
  /** Names the photo and its owner in the inversion cache; without it, nothing is stored or reused. */
  readonly inversionScope?: string;
  readonly schedule: Schedule;
  readonly ablation?: Partial<Ablation>;
  /** `paste-back` keeps the photo's own pixels outside the mask; `none` returns only the edited view. */
  readonly composite: "paste-back" | "none";
}

export interface EditResult {
  /** The edited photo at the photo's own size, or the edited view if `composite` is "none". */
  readonly edited: Photo;
  /** The photo as it was read: upright sRGB. */
  readonly source: Photo;
  /** The part that the model saw: the square, or a window around the mask. */
  readonly window: Window;
  /** The paste-back mask at the photo's size: 8-bit grey; 255 is edited. */
  readonly mask: Uint8Array;
  /** The fusion mask on the window's tokens. */
  readonly fusion: FoundRegion["fusion"];
  /** The decoder's own picture of the window before anything is pasted: `h·w·3` bytes of its size, RGB. */
  readonly decoded: Uint8Array;
  /** The decoder's picture of the untouched latent: the window after only encoding and decoding. */
  readonly reconstructed: Uint8Array;
  /** Mean of the token mask M over the window, 0…1. */
  readonly coverage: number;
  /** Share of the region in which the edit is visible, 0…1. */
  readonly changed: number;
  /** How well the decoder's picture preserves what lies outside the mask; null if nothing does. */
  readonly preservation: Preservation | null;
  /** Whether the inversion came from the cache. */
  readonly inversionCached: boolean;
  readonly evaluations: number;
  /** Image tokens in each evaluation of the edit pass; the prompt's are computed in addition. */
  readonly tokens: { readonly computed: number; readonly all: number };
  /** Milliseconds spent in each phase. */
  readonly timings: PhaseTimings;
}
