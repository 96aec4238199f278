import type { MaskOptions } from "../../shared/mask.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Ablation, Schedule } from "../../shared/schedule.ts";
import type { Photo } from "./image/decode.ts";

/** A file's bytes and, where it has a name, its ending without the dot. */
export interface NamedBytes {
  readonly bytes: Uint8Array;
  readonly extension?: string;
}

/** One edit as the engine takes it: validated text and schedule, undecoded pictures. */
export interface EditRequest {
  readonly photo: NamedBytes;
  readonly prompt: string;
  readonly sourcePrompt: string;
  /** A mask of the photo's size, white is edited; without one PASL locates the region. */
  readonly mask?: NamedBytes;
  readonly maskOptions: MaskOptions;
  readonly schedule: Schedule;
  readonly ablation: Ablation;
  /** `paste-back` keeps the photo's own pixels outside the mask; `none` gives the model's square alone. */
  readonly composite: "paste-back" | "none";
}

export interface EditResult {
  /** The edited photo at the photo's own size, or the model's square under `composite: "none"`. */
  readonly edited: Photo;
  /** The photo as it was read: upright sRGB. */
  readonly source: Photo;
  /** The mask of the paste-back at the photo's size, 8-bit grey, 255 is edited. */
  readonly mask: Uint8Array;
  /** The decoder's own picture of the square before anything is pasted: `resolution²·3` bytes, RGB. */
  readonly decoded: Uint8Array;
  /** The decoder's picture of the untouched latent: what the autoencoder alone makes of the square. */
  readonly reconstructed: Uint8Array;
  /** Mean of the token mask M over the model's square, 0…1. */
  readonly coverage: number;
  readonly evaluations: number;
  /** Milliseconds spent in each phase. */
  readonly timings: Readonly<Record<Exclude<Progress["phase"], "load">, number>>;
}
