import { IMAGE_LIMITS, type PhotoType } from "../../../../shared/image.ts";
import { JUDGED_SIDE, kindOf, type PictureKind } from "../model/kind.ts";
import { fileFault, openFault, type Size, sendingOf, sizeFault } from "../model/photo.ts";
import { canvasOf } from "./mask-picture.ts";

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
  readonly kind: PictureKind;
  /** The picture's own size, where it was made smaller. */
  readonly original: Size | null;
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
    const kind = kindIn(bitmap);
    if (sending.as === "is") return { blob: file, type: sending.type, width, height, kind, original: null };
    const sent = await redrawn(bitmap, sending.scale);
    return { ...sent, kind, original: sent.width === width ? null : { width, height } };
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

function kindIn(bitmap: ImageBitmap): PictureKind {
  const scale = JUDGED_SIDE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [Math.ceil(bitmap.width * scale), Math.ceil(bitmap.height * scale)];
  const [, context] = canvasOf({ width, height });
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return kindOf(context.getImageData(0, 0, width, height).data, width, height);
}

async function redrawn(bitmap: ImageBitmap, first: number): Promise<Omit<OpenedPhoto, "kind" | "original">> {
  for (let scale = first; ; scale *= SHRINK) {
    const [width, height] = [Math.floor(bitmap.width * scale), Math.floor(bitmap.height * scale)];
    const [canvas, context] = canvasOf({ width, height });
    // JPEG has no transparency: what is clear becomes white, not black
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    if (blob.size <= IMAGE_LIMITS.bytes) return { blob, type: "image/jpeg", width, height };
  }
}
