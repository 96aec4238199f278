import type { RegionShare } from "../../../shared/gpu.ts";
import type { FaceBox, FaceChoice, MaskOptions } from "../../../shared/mask.ts";
import type { Grey, Part } from "../image/picture.ts";

/** A file's bytes and, where it has a name, its ending without the dot. */
export interface NamedBytes {
  readonly bytes: Uint8Array;
  readonly extension?: string;
}

/** A photo, and what says where in it to look. */
export interface PhotoRequest {
  readonly photo: NamedBytes;
  /** A mask of the photo's size, white is edited; without one PASL locates the region. */
  readonly mask?: NamedBytes;
  /** Whose region it is, where no mask is sent. Default: of the largest face near the middle. */
  readonly face?: FaceChoice;
}

/** Where to edit. */
export interface RegionRequest extends PhotoRequest {
  /** A mask located before, as `encodeGrey` wrote `FoundRegion.located`: the same edit without PASL. */
  readonly located?: Uint8Array;
  /** What PASL looks for, each apart, at least one; the region is their union. */
  readonly locate: readonly string[];
  readonly maskOptions: MaskOptions;
}

export type LocateRequest = Omit<RegionRequest, "mask" | "located">;

export interface FoundRegion {
  /** The union of PASL's masks on PASL's cells over the square and what is around it; null if PASL did not run. */
  readonly located: Grey | null;
  /** The mask of the paste-back at the photo's size: which of its pixels are replaced. */
  readonly mask: Grey;
  /** The mask of the fusion: which of the tokens are edited that the model sees, and what it sees. */
  readonly fusion: { readonly mask: Grey; readonly part: Part };
  /** All faces of the photo, the default one first, in its pixels. */
  readonly faces: readonly FaceBox[];
  /** Mean of that mask, 0…1. */
  readonly coverage: number;
  /** Each prompt's own located mask, before the mask options: its mean over the photo. */
  readonly regions: readonly RegionShare[];
}
