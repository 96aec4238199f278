import type { RegionShare } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { FaceBox, FusionMask } from "../../../../shared/mask.ts";
import type { TokenUse } from "./keys.ts";
import type { OwnEdits, Quota } from "./limits.ts";

export interface ImageRow {
  readonly id: Id<"img">;
  /** Storage key in R2. */
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Size after the EXIF orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export type Size = Pick<ImageRow, "width" | "height">;

/** A mask to be made from a photo: it is erased together with the photo. */
export interface DerivedMask {
  /** Its name in the mask cache. */
  readonly cacheKey: string;
  /** Storage key in R2. */
  readonly object: string;
  /** The id under which a finished mask can be used; null for a located mask. */
  readonly image: Id<"img"> | null;
}

/** A mask as stored in the cache. */
export interface CachedMask {
  /** Storage key in R2. */
  readonly key: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** Mean of the mask over the photo, from 0 to 1. */
  readonly coverage: number;
  readonly regions: readonly RegionShare[];
  /** Finished masks only: their image row, and when the object in R2 is erased (Unix milliseconds). */
  readonly id?: Id<"img"> | undefined;
  readonly expires_at?: number | undefined;
  /** Every face of the photo, and the mask of the fusion. */
  readonly faces?: FaceBox[] | undefined;
  readonly fusion?: FusionMask | undefined;
}

/** The caller that wants a mask located, and the limits it counts against. */
export interface MaskOrder {
  readonly own: OwnEdits;
  /** The token used instead of a key, with the total number of masks that it may have located. */
  readonly token: TokenUse | null;
}

/** Whether a mask may be located now. */
export type MaskTurn =
  | { readonly outcome: "turn" }
  | { readonly outcome: "no_turn" | "no_credits" | "token_used_up" }
  | { readonly outcome: "over_limit"; readonly quota: Quota };

/** Result of asking for a mask: no one is locating it yet, or the outcome of the request that was. */
export type Locating =
  | { readonly state: "begin" }
  | { readonly state: "found"; readonly mask: CachedMask }
  /** It failed or took too long: every waiting request proceeds on its own. */
  | { readonly state: "over" };
