import type { EditRow } from "./edits.ts";
import type { DerivedMask, ImageRow } from "./images.ts";

/** Calls by which the worker has an account erase content, now or after its retention. */
export interface ErasureRpc {
  /**
   * Cancels the edit if it is not final, and erases it with its objects and the pictures that came with it. Objects
   * that storage fails to erase are tried again. False if the edit is unknown.
   */
  eraseEdit(id: EditRow["id"]): Promise<boolean>;
  /** Like `eraseEdit`, for an image and everything made from it: edits and masks. */
  eraseImage(id: ImageRow["id"]): Promise<boolean>;
  /**
   * Records masks that signed URLs may write until a given time. Returns when they are erased, which is together with
   * their photo; null if the photo is unknown, and then they must not be made.
   */
  expectMasks(
    photo: ImageRow["id"],
    masks: readonly DerivedMask[],
    writableUntil: number,
  ): Promise<number | null>;
  /**
   * The folder, ending in `/`, for the object of a photo that is about to be written, under the photo's id. The object is
   * erased unless its row follows (`addImage`, `addUpload`), for example if the worker dies in between.
   */
  expectPhoto(): Promise<string>;
  /** The image row of a finished mask that was expected; false if its photo was erased in the meantime. */
  addMask(image: ImageRow): Promise<boolean>;
}
