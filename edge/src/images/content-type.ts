/** Types a photo may have, by the names `image-size` gives the formats. */
export const PHOTO_TYPES = {
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
} as const;

export type PhotoType = (typeof PHOTO_TYPES)[keyof typeof PHOTO_TYPES];

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/avif": "avif",
};

/** The type a `Content-Type` header names, without its parameters, or null where it is not a photo's. */
export function photoTypeOf(header: string | undefined): PhotoType | null {
  const essence = (header ?? "").split(";", 1)[0]?.trim().toLowerCase();
  const named = essence === "image/jpg" ? "image/jpeg" : essence;
  return Object.values(PHOTO_TYPES).find((type) => type === named) ?? null;
}

/** Ending of a file's name. */
export const extensionOf = (contentType: string): string => EXTENSIONS[contentType] ?? "bin";
