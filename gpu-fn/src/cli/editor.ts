import type { ImageFormat } from "../../../shared/image.ts";
import type { Photo } from "../image/picture.ts";
import type { PictureFile } from "../region/request.ts";
import type { EditSettings } from "./edit-settings.ts";

/** One edit, for the engine on this machine or for a server. */
export interface Order {
  readonly photo: PictureFile;
  /** A mask of the photo's size; white is edited. Without one, the prompt's region is located. */
  readonly mask?: PictureFile;
  readonly settings: EditSettings;
  readonly format: ImageFormat;
  /** More edits of the same photo follow, so what was computed from it should be kept. */
  readonly again: boolean;
}

/** Progress of an edit. */
export interface Advance {
  /** A word that tells people what is being done. */
  readonly doing: string;
  readonly done: number;
  readonly total: number;
  /** Milliseconds left, if there is a better estimate than the pace so far. */
  readonly leftMs?: number | null;
}

export interface EditorHooks {
  readonly signal: AbortSignal;
  readonly onAdvance: (advance: Advance) => void;
}

/** The pictures of one edit for `gridImage`. All have the photo's size, except the result under `--no-paste`. */
export interface Panels {
  readonly source: Pick<Photo, "width" | "height" | "rgb">;
  readonly edited: Pick<Photo, "width" | "height" | "rgb">;
  /** `width·height` bytes, 255 is edited. */
  readonly mask: Uint8Array;
}

export interface Edited {
  /** The result as a file of the format asked for, and its size in pixels. */
  readonly image: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The paste-back mask at the photo's size, as an 8-bit grey PNG. */
  readonly mask: Uint8Array;
  /** Mean of that mask, 0…1. */
  readonly coverage: number;
  /** How well the model preserved what lies outside the mask, before the paste-back; null if nothing does. */
  readonly preservation: { readonly psnr_outside_db: number; readonly ssim_outside: number } | null;
  readonly evaluations: number;
  /** What the model read in place of the prompt, and warnings about what was left out. */
  readonly readAs: string | null;
  readonly warnings: readonly string[];
  readonly seconds: number;
  /** The server's id of the edit and what it cost; null without a server. */
  readonly editId: string | null;
  readonly credits: number | null;
  panels(): Promise<Panels>;
}

/** Makes the edits: the local engine or a server. */
export interface Editor {
  /** @throws InputError, CanceledError, ServerError, or any internal error */
  edit(order: Order, hooks: EditorHooks): Promise<Edited>;
  close(): Promise<void>;
}
