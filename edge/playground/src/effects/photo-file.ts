import { IMAGE_LIMITS, type PhotoType } from "../../../../shared/image.ts";
import { fileFault, openFault, sendingOf, sizeFault } from "../model/photo.ts";

/** A file that is no photo we can edit; the message is for people. */
export class PhotoError extends Error {
  override readonly name = "PhotoError";
}

/** A photo as it is shown and sent. */
export interface OpenedPhoto {
  readonly blob: Blob;
  readonly type: PhotoType;
  /** Pixels as shown upright. */
  readonly width: number;
  readonly height: number;
}

/** JPEG quality of pictures that must be drawn anew, and how far a picture that is still too large shrinks. */
const QUALITY = 0.92;
const SHRINK = 0.8;

/** Opens a file; only what is beyond the API's limits is drawn anew. @throws PhotoError */
export async function openPhoto(file: File): Promise<OpenedPhoto> {
  const fault = fileFault(file);
  if (fault !== null) throw new PhotoError(fault);
  const bitmap = await decoded(file);
  try {
    const { width, height } = bitmap;
    const wrong = sizeFault(width, height);
    if (wrong !== null) throw new PhotoError(wrong);
    const sending = sendingOf(file, width, height);
    return sending.as === "is"
      ? { blob: file, type: sending.type, width, height }
      : await redrawn(bitmap, sending.scale);
  } finally {
    bitmap.close();
  }
}

async function decoded(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PhotoError(openFault(file.name));
  }
}

async function redrawn(bitmap: ImageBitmap, first: number): Promise<OpenedPhoto> {
  for (let scale = first; ; scale *= SHRINK) {
    const [width, height] = [Math.floor(bitmap.width * scale), Math.floor(bitmap.height * scale)];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (context === null) throw new PhotoError("This browser cannot make the picture smaller.");
    // JPEG has no transparency: what is clear becomes white, not black
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    if (blob.size <= IMAGE_LIMITS.bytes) return { blob, type: "image/jpeg", width, height };
  }
}
