/** The forms that pictures and masks have here. */

/** Height and width in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** An upright rectangle inside a photo, in pixels of the photo. */
export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * A rectangle in the plane of a photo, upright or turned about its centre. It may reach beyond the photo, whose outermost
 * pixels then continue it.
 */
export interface Part extends Rectangle {
  /** Radians, clockwise as shown. Default: upright. */
  readonly roll?: number;
}

/** A place in a photo, in its pixels: 0 is the left or upper edge of the first one. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A decoded photo: upright (EXIF orientation applied), sRGB, 8 bits a channel, row-major. */
export interface Photo {
  readonly width: number;
  readonly height: number;
  /** `width·height·3` bytes, interleaved RGB. */
  readonly rgb: Uint8Array;
  /** `width·height` bytes, or null if the source is opaque. */
  readonly alpha: Uint8Array | null;
}

/** Where to edit, on some grid: coverage in 0…1, 1 is edited. */
export interface Mask {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** A mask of 8 bits a cell, row-major, 255 is edited: what is stored and sent of a mask. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
