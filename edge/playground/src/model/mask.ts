import type { Face } from "../../../../shared/client/src/index.ts";
import type { Trouble } from "./words.ts";

/** How a located mask is worked over: `grow` as a share of the face's square, `feather` of the region. */
export interface MaskSettings {
  readonly grow: number;
  readonly feather: number;
}

/** The API's own defaults. */
export const MASK_DEFAULTS: MaskSettings = { grow: 0, feather: 0.01 };

/** Ends and steps of the sliders: what is seen in a portrait, within what the API takes (0.25). */
export const MASK_RANGE = { grow: { max: 0.1, step: 0.005 }, feather: { max: 0.1, step: 0.005 } } as const;

/** A mask the API located. */
export interface Located {
  readonly url: string;
  readonly coverage: number;
  readonly regions: readonly { readonly prompt: string; readonly coverage: number }[];
}

/** Where the edit will act. */
export interface Region {
  readonly settings: MaskSettings;
  readonly located: Located | null;
  readonly locating: boolean;
  /** Every face of the photo, in its pixels; the first is edited unless another is chosen. */
  readonly faces: readonly Face[];
  /** Place in `faces`; null: as the API chooses. */
  readonly face: number | null;
  /** Why no region of these words can be had from this photo. */
  readonly fault: Trouble | null;
  /** How often the visitor asked for it again. */
  readonly tries: number;
}

/** A share as people read it. */
export const percent = (fraction: number) =>
  fraction > 0 && fraction < 0.01 ? "less than 1 %" : `${Math.round(100 * fraction)} %`;
