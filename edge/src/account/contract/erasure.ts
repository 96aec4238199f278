import type { EditRow } from "./edits.ts";
import type { DerivedMask, ImageRow } from "./images.ts";

/** What the worker asks an account about content that is to vanish, at once or in its time. */
export interface ErasureRpc {
  /**
   * Cancels the edit where it is not final and erases it, its objects, and the pictures that came along with it.
   * What storage refuses to erase is tried again. False if the edit is unknown.
   */
  eraseEdit(id: EditRow["id"]): Promise<boolean>;
  /** As `eraseEdit`, for an image and all that was made from it: edits and masks. */
  eraseImage(id: ImageRow["id"]): Promise<boolean>;
  /**
   * Notes masks that will be written by signed URLs until some time. When they are erased: with their photo.
   * Null if the photo is unknown; then they must not be made.
   */
  expectMasks(
    photo: ImageRow["id"],
    masks: readonly DerivedMask[],
    writableUntil: number,
  ): Promise<number | null>;
  /**
   * Notes a photo's object that is about to be written: unless its row comes (`addImage`, `addUpload`), as where the
   * worker dies in between, it is erased.
   */
  expectObject(key: string): Promise<void>;
  /** The image row of a finished mask that was expected; false if its photo was erased meanwhile. */
  addMask(image: ImageRow): Promise<boolean>;
}
