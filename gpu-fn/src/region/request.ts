import type { RegionShare } from "../../../shared/gpu.ts";
import type { MaskOptions } from "../../../shared/mask.ts";
import type { Grey } from "../image/picture.ts";

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
