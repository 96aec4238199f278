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

/** A photo as PASL and every model without a window see it. */
export interface SeenPhoto {
  readonly photo: Photo;
  /** The largest face near the middle comes first. */
  readonly faces: readonly Face[];
  /** The mask that came with the photo. */
  readonly drawn: Mask | null;
  /** The square that is seen: around the face to edit, or around the mask. */
  readonly square: Part;
  /** `[1,3,r,r]` in −1…1. */
  readonly image: Float32Array;
  /** PASL's features of the square, once a region has been located. */
  readonly features?: ImageFeatures;
  /** PASL's features of the square with its margin. */
  readonly around?: ImageFeatures;
}

type SeeingModel = Pick<Model, "manifest" | "findFaces">;

/**
 * Decodes a photo, finds its faces, and cuts out the square that the model sees.
 * @param known from an earlier edit of the same photo
 * @throws InputError if photo or mask is refused; `no_face` if neither a face nor a mask says where to look
 */
export async function seePhoto(
  model: SeeingModel,
  request: PhotoRequest,
  known?: SeenPhoto,
): Promise<SeenPhoto> {
  const photo = known?.photo ?? (await decodePhoto(request.photo.bytes));
  const drawn = request.mask && (await decodeMask(request.mask.bytes, photo));
  const faces = known?.faces ?? ranked(await model.findFaces(photo), photo);
  const square = drawn ? squareOf(drawn, faces, photo) : viewOf(chooseFace(faces, request.face), photo);
  if (known && same(known.square, square)) return { ...known, drawn: drawn ?? null };
  const { resolution } = model.manifest;
  const image = await toModel(photo, square, { height: resolution, width: resolution });
  return { photo, faces, drawn: drawn ?? null, square, image };
}

/** Share of a mask that a square must contain. */
const MOST = 0.9;

/** Side of the square around a drawn mask, as a multiple of the longer side of the mask's box. */
const AROUND = 1.6;

/** The view of the face that a mask is drawn on; else the photo's square if it contains the mask; else one around it. */
function squareOf(mask: Mask, faces: readonly Face[], photo: Photo): Part {
  const squares = [...faces.map((face) => viewOf(face, photo)), portraitSquare(photo.width, photo.height)];
  const shares = squares.map((square) => shareOf(mask, square));
  // the photo's square comes last, because it contains what the faces' squares contain as well
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

/** Bytes that a kept photo takes. */
export function seenBytes({ photo, image, features, around }: SeenPhoto): number {
  const arrays = [photo.rgb, photo.alpha, image, features?.data, around?.data];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
