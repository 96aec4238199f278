import type { RegionShare } from "../../../shared/gpu.ts";
import type { MaskOptions } from "../../../shared/mask.ts";
import type { Ablation, Schedule } from "../../../shared/schedule.ts";
import type { Photo } from "../image/decode.ts";
import type { Grey } from "../image/grey.ts";
import type { Window } from "../image/window.ts";
import type { PhaseTimings } from "./phase-clock.ts";
import type { Preservation } from "./preservation.ts";

/** A file's bytes and, where it has a name, its ending without the dot. */
export interface NamedBytes {
  readonly bytes: Uint8Array;
  readonly extension?: string;
}

/** Where to edit. */
export interface RegionRequest {
  /** A mask of the photo's size, white is edited; without one PASL locates the region. */
  readonly mask?: NamedBytes;
  /** A mask located before, as `encodeGrey` wrote `FoundRegion.located`: the same edit without PASL. */
  readonly located?: Uint8Array;
  /** What PASL looks for, each apart, at least one; the region is their union. */
  readonly locate: readonly string[];
  readonly maskOptions: MaskOptions;
}

export interface LocateRequest extends Omit<RegionRequest, "mask" | "located"> {
  readonly photo: NamedBytes;
}

export interface FoundRegion {
  /** The union of PASL's masks on PASL's own grid over the square; null where PASL did not run. */
  readonly located: Grey | null;
  /** The mask of the paste-back at the photo's size. */
  readonly mask: Grey;
  /** Mean of that mask, 0…1. */
  readonly coverage: number;
  /** Each prompt's own located mask, before the mask options: its mean over the photo. */
  readonly regions: readonly RegionShare[];
}

/** One edit as the engine takes it: validated text and schedule, undecoded pictures. */
export interface EditRequest extends Omit<RegionRequest, "locate"> {
  readonly photo: NamedBytes;
  readonly prompt: string;
  readonly sourcePrompt: string;
  /** Default: the prompt. */
  readonly locate?: readonly string[];
  /** Names the photo and whose it is to the cache of inversions; without it nothing is kept or taken. */
  readonly inversionScope?: string;
  readonly schedule: Schedule;
  readonly ablation: Ablation;
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
  /** The decoder's own picture of the window before anything is pasted: `h·w·3` bytes of its size, RGB. */
  readonly decoded: Uint8Array;
  /** The decoder's picture of the untouched latent: what the autoencoder alone makes of the window. */
  readonly reconstructed: Uint8Array;
  /** Mean of the token mask M over the window, 0…1. */
  readonly coverage: number;
  /** How well the decoder's picture keeps what lies outside the mask; null where nothing does. */
  readonly preservation: Preservation | null;
  /** Whether the inversion came from the cache. */
  readonly inversionCached: boolean;
  readonly evaluations: number;
  /** Milliseconds spent in each phase. */
  readonly timings: PhaseTimings;
}
