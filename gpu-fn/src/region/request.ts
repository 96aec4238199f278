import type { RegionShare } from "../../../shared/gpu.ts";
import type { FaceBox, FaceChoice, MaskOptions } from "../../../shared/mask.ts";
import type { Grey, Part } from "../image/picture.ts";

/** A picture as a file; its content decides the format. */
export interface PictureFile {
  readonly bytes: Uint8Array;
}

/** A photo, and what says where to look in it. */
export interface PhotoRequest {
  readonly photo: PictureFile;
  /** A mask of the photo's size; white is edited. Without one, PASL locates the region. */
  readonly mask?: PictureFile;
  /** The face to edit if no mask is sent. Default: the largest face near the middle. */
  readonly face?: FaceChoice;
}

/** Where to edit. */
export interface RegionRequest extends PhotoRequest {
  /** A mask located earlier, as `encodeGrey` wrote `FoundRegion.located`: the same edit without running PASL. */
  readonly located?: Uint8Array;
  /** The prompts that PASL locates one by one, at least one; the region is their union. */
  readonly locate: readonly string[];
  readonly maskOptions: MaskOptions;
}

export type LocateRequest = Omit<RegionRequest, "mask" | "located">;

export interface FoundRegion {
  /** The union of PASL's masks on PASL's cells, over the square and its margin; null if PASL did not run. */
  readonly located: Grey | null;
  /** The paste-back mask at the photo's size: which of its pixels are replaced. */
  readonly mask: Grey;
  /** The fusion mask, which says which of the model's tokens are edited, and the part of the photo they cover. */
  readonly fusion: { readonly mask: Grey; readonly part: Part };
  /** All faces of the photo, the default one first, in its pixels. */
  readonly faces: readonly FaceBox[];
  /** Mean of that mask, 0…1. */
  readonly coverage: number;
  /** Each prompt's own located mask, before the mask options: its mean over the photo. */
  readonly regions: readonly RegionShare[];
}
