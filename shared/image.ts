/** Limits of a photo, as stated in the public contract; the edge and the GPU function check the same ones. */
export const IMAGE_LIMITS = {
  bytes: 15_000_000,
  pixels: 25_000_000,
  /** Shortest side in pixels. */
  side: 64,
} as const;

export const IMAGE_FORMATS = ["png", "jpeg", "webp"] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Accepted photo types: the edge detects them by their first bytes, and the GPU function decodes no others. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"] as const;

export type PhotoType = (typeof PHOTO_TYPES)[number];
