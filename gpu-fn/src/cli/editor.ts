import type { ImageFormat } from "../../../shared/image.ts";
import type { Photo } from "../image/picture.ts";
import type { NamedBytes } from "../region/request.ts";
import type { Wanted } from "./wanted.ts";

/** One edit as either way takes it: the engine on this machine, or a server. */
export interface Order {
  readonly photo: NamedBytes;
  /** A mask of the photo's size, white is edited; without one the prompt's region is located. */
  readonly mask?: NamedBytes;
  readonly wanted: Wanted;
  readonly format: ImageFormat;
  /** Other edits of the photo come with this one: what was computed of it is worth keeping. */
  readonly again: boolean;
}

/** How far an edit is. */
export interface Advance {
  /** A word for people: what is being done. */
  readonly doing: string;
  readonly done: number;
  readonly total: number;
  /** Milliseconds left, where somebody knows better than the pace so far. */
  readonly leftMs?: number | null;
}

export interface EditorHooks {
  readonly signal: AbortSignal;
  readonly onAdvance: (advance: Advance) => void;
}

/** What the pictures of one edit side by side need; all of the photo's size but the result under `--no-paste`. */
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
  /** The mask of the paste-back at the photo's size: a PNG of 8-bit grey. */
  readonly mask: Uint8Array;
  /** Mean of that mask, 0…1. */
  readonly coverage: number;
  /** How well the model kept what lies outside, before the paste-back; null if nothing does. */
  readonly preservation: { readonly psnr_outside_db: number; readonly ssim_outside: number } | null;
  readonly evaluations: number;
  /** What the model read in place of the prompt, and what of it was left out. */
  readonly readAs: string | null;
  readonly warnings: readonly string[];
  readonly seconds: number;
  /** The server's id of the edit and what it cost; null without a server. */
  readonly editId: string | null;
  readonly credits: number | null;
  panels(): Promise<Panels>;
}

/** Whoever makes the edits. */
export interface Editor {
  /** @throws InputError, CanceledError, ServerError; whatever broke */
  edit(order: Order, hooks: EditorHooks): Promise<Edited>;
  close(): Promise<void>;
}
