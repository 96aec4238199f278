/** Types of pictures and masks. */

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
 * A rectangle in the plane of a photo, upright or turned about its centre. It may extend beyond the photo, whose
 * outermost pixels are then repeated.
 */
export interface Part extends Rectangle {
  /** Radians, clockwise as shown. Default: upright. */
  readonly roll?: number;
}

/** A point in a photo, in its pixels; 0 is the left or upper edge of the first pixel. */
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

/** Where to edit, on some grid: coverage in 0…1; 1 is edited. */
export interface Mask {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** A mask with 8 bits per cell, row-major; 255 is edited. Masks are stored and sent in this form. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Every cell outside of it is 0, so nothing has to walk there. Default: the whole mask. */
  readonly box?: Rectangle;
}

/** The decoder's pictures of what the model saw, `h·w·3` bytes each: after the edit, and of the untouched latent. */
export interface DecodedPair {
  readonly size: Size;
  readonly edited: Uint8Array;
  readonly reconstructed: Uint8Array;
}
