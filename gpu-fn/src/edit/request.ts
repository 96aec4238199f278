import type { Schedule } from "../../../shared/schedule.ts";
import type { Photo } from "../image/picture.ts";
import type { Window } from "../image/window.ts";
import type { FoundRegion, RegionRequest } from "../region/request.ts";
import type { Ablation } from "./ablation.ts";
import type { PhaseTimings } from "./phase-clock.ts";
import type { Preservation } from "./preservation.ts";

/** One edit as the engine takes it: validated text and schedule, undecoded pictures. */
export interface EditRequest extends Omit<RegionRequest, "locate"> {
  readonly prompt: string;
  readonly sourcePrompt: string;
  /** Default: the prompt. */
  readonly locate?: readonly string[];
  /** Names the photo and whose it is to the cache of inversions; without it nothing is kept or taken. */
  readonly inversionScope?: string;
  readonly schedule: Schedule;
  readonly ablation?: Partial<Ablation>;
  /** `paste-back` keeps the photo's own pixels outside the mask; `none` gives what the model saw alone. */
  readonly composite: "paste-back" | "none";
}

export interface EditResult {
  /** The edited photo at the photo's own size, or what the model saw under `composite: "none"`. */
  readonly edited: Photo;
  /** The photo as it was read: upright sRGB. */
  readonly source: Photo;
  /** What the model saw of it: the square, or a window around the mask. */
  readonly window: Window;
  /** The mask of the paste-back at the photo's size, 8-bit grey, 255 is edited. */
  readonly mask: Uint8Array;
  /** The mask of the fusion on the window's tokens. */
  readonly fusion: FoundRegion["fusion"];
  /** The decoder's own picture of the window before anything is pasted: `h·w·3` bytes of its size, RGB. */
  readonly decoded: Uint8Array;
  /** The decoder's picture of the untouched latent: what the autoencoder alone makes of the window. */
  readonly reconstructed: Uint8Array;
  /** Mean of the token mask M over the window, 0…1. */
  readonly coverage: number;
  /** Share of the region in which the edit is seen, 0…1. */
  readonly changed: number;
  /** How well the decoder's picture keeps what lies outside the mask; null if nothing does. */
  readonly preservation: Preservation | null;
  /** Whether the inversion came from the cache. */
  readonly inversionCached: boolean;
  readonly evaluations: number;
  /** Of the picture, in each evaluation of the edit pass; the prompt's are computed beside them. */
  readonly tokens: { readonly computed: number; readonly all: number };
  /** Milliseconds spent in each phase. */
  readonly timings: PhaseTimings;
}
