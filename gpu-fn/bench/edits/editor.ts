import type { AskedEdit, CasePictures, NamedCase } from "./cases.ts";

/** What an editor made of a case, at the model's resolution. */
export interface EditedPictures {
  /** The editor's own picture, before anything of the photo is pasted back: interleaved RGB bytes. */
  readonly picture: Uint8Array;
  /** The region it edited, coverage bytes 0…255; absent if the editor has none. */
  readonly mask?: Uint8Array;
  /** What the editor makes of the photo unedited (an autoencoder's picture); absent if it has no such thing. */
  readonly reconstructed?: Uint8Array;
  /** The picture as a user gets it, pasted back; absent if that is `picture` itself. */
  readonly pasted?: Uint8Array;
  /** The same and its mask, finer than the model's resolution, where the file is. */
  readonly fine?: { readonly picture: Uint8Array; readonly mask: Uint8Array };
  /** Pixels of the file that the user gets otherwise than sent where the mask is 0; absent if the pictures show all of it. */
  readonly differing?: number;
}

/** One way of editing: this method, an ablation of it, a baseline, a folder of another editor's pictures. */
export interface Editor {
  /** The name of its row in a table. */
  readonly name: string;
  edit(edit: AskedEdit & NamedCase, drawn: CasePictures): Promise<EditedPictures>;
}
