import { chooseFace, ranked, shareOf } from "../faces/choose.ts";
import type { Face } from "../faces/finder.ts";
import { viewOf } from "../faces/square.ts";
import { exactMask } from "../image/composite.ts";
import { portraitSquare, toModel } from "../image/crop.ts";
import { decodePhoto } from "../image/decode.ts";
import { decodeMask } from "../image/drawn-mask.ts";
import type { Mask, Part, Photo, Rectangle } from "../image/picture.ts";
import { boundsOf } from "../image/window.ts";
import type { Model } from "../model/model.ts";
import type { ImageFeatures } from "../model/pasl.ts";
import type { PhotoRequest } from "./request.ts";

/** A photo as PASL sees it, and every model that has no window. */
export interface SeenPhoto {
  readonly photo: Photo;
  /** The largest near the middle first. */
  readonly faces: readonly Face[];
  /** The mask that came with it. */
  readonly drawn: Mask | null;
  /** What is seen of it: the square around the face that the edit is about, or around the mask. */
  readonly square: Part;
  /** `[1,3,r,r]` in −1…1. */
  readonly image: Float32Array;
  /** What PASL made of it, once a region was located. */
  readonly features?: ImageFeatures;
  /** And of what is around the square. */
  readonly around?: ImageFeatures;
}

type SeeingModel = Pick<Model, "manifest" | "findFaces">;

/**
 * Decodes a photo, finds its faces, and cuts out the square that the model sees.
 * @param known of an earlier edit of the same photo
 * @throws InputError if photo or mask is refused; `no_face` if neither a face nor a mask says where to look
 */
export async function seePhoto(
  model: SeeingModel,
  request: PhotoRequest,
  known?: SeenPhoto,
): Promise<SeenPhoto> {
  const photo = known?.photo ?? (await decodePhoto(request.photo.bytes, request.photo.extension));
  const drawn = request.mask && (await decodeMask(request.mask.bytes, photo, request.mask.extension));
  const faces = known?.faces ?? ranked(await model.findFaces(photo), photo);
  const square = drawn ? squareOf(drawn, faces, photo) : viewOf(chooseFace(faces, request.face), photo);
  if (known && same(known.square, square)) return { ...known, drawn: drawn ?? null };
  const { resolution } = model.manifest;
  const image = await toModel(photo, square, { height: resolution, width: resolution });
  return { photo, faces, drawn: drawn ?? null, square, image };
}

/** Share of a mask that a square has to hold. */
const MOST = 0.9;

/** What is seen around a drawn mask, to the longer side of its box. */
const AROUND = 1.6;

/** The view of the face that a mask is drawn on; on none, the photo's square if it holds the mask, else one around it. */
function squareOf(mask: Mask, faces: readonly Face[], photo: Photo): Part {
  const squares = [...faces.map((face) => viewOf(face, photo)), portraitSquare(photo.width, photo.height)];
  const shares = squares.map((square) => shareOf(mask, square));
  // the photo's square is the last resort: it holds what faces hold as well
  const most = Math.max(...shares.slice(0, -1), 0);
  const best = most >= MOST ? shares.indexOf(most) : squares.length - 1;
  const square = squares[best];
  if (square !== undefined && (shares[best] as number) >= MOST) return square;
  return around(
    boundsOf(exactMask(mask)) ?? { left: 0, top: 0, width: photo.width, height: photo.height },
    photo,
  );
}

function around(box: Rectangle, { width, height }: Photo): Rectangle {
  const side = Math.min(width, height, Math.ceil(AROUND * Math.max(box.width, box.height)));
  const place = (start: number, length: number, end: number) =>
    Math.min(end - side, Math.max(0, Math.round(start + (length - side) / 2)));
  return {
    left: place(box.left, box.width, width),
    top: place(box.top, box.height, height),
    width: side,
    height: side,
  };
}

function same(a: Part, b: Part): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && (a.roll ?? 0) === (b.roll ?? 0);
}

/** Bytes that keeping one takes. */
export function seenBytes({ photo, image, features, around }: SeenPhoto): number {
  const arrays = [photo.rgb, photo.alpha, image, features?.data, around?.data];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
