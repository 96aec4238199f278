import { PHOTO_TYPES, type PhotoType } from "../../../shared/image.ts";
import { Refusal } from "../problem.ts";

/** A photo's type by the name that `image-size` gives its format. */
export const TYPE_OF_FORMAT = {
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
} as const satisfies Record<string, PhotoType>;

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/avif": "avif",
};

/** The type in a `Content-Type` header, without parameters, or null if it is not a photo's. */
export function photoTypeOf(header: string | undefined): PhotoType | null {
  const essence = (header ?? "").split(";", 1)[0]?.trim().toLowerCase();
  const named = essence === "image/jpg" ? "image/jpeg" : essence;
  return PHOTO_TYPES.find((type) => type === named) ?? null;
}

/**
 * Refuses a body that declares itself as something other than a file: a form, or JSON.
 * @throws Refusal `unsupported_media`
 */
export function refuseOtherThanFile(header: string | undefined): void {
  const essence = (header ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (essence === "" || essence === "application/octet-stream" || essence.startsWith("image/")) return;
  throw new Refusal(
    "unsupported_media",
    `send the file itself as the body (curl --data-binary @photo.jpg), of a type image/…, not ${essence.slice(0, 100)}`,
  );
}

/** File name extension. */
export const extensionOf = (contentType: string): string => EXTENSIONS[contentType] ?? "bin";
