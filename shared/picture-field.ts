import { z } from "zod";

/** Maximum decoded size of a data URL, in bytes. */
export const DATA_URL_BYTES = 2_000_000;

/** Maximum length of a URL to fetch, in characters. */
const IMAGE_URL_MAX = 2_048;

const DATA_URL_MAX = Math.ceil((DATA_URL_BYTES * 4) / 3) + 400;

const GIVE =
  "the id of an uploaded image (img_…), a data URL, an https URL, or a file in multipart/form-data";

/** The four ways to give a picture, as one JSON string. The route checks whether an id is known: 404. */
const written = (text: string) =>
  text.startsWith("img_")
    ? text.length <= 100
    : text.startsWith("data:image/")
      ? text.length <= DATA_URL_MAX
      : /^https?:\/\//.test(text) && text.length <= IMAGE_URL_MAX;

/** Why a value is not a picture, with what to send instead. */
function reason(value: unknown): string {
  if (value === undefined) return `missing; send ${GIVE}`;
  if (typeof value === "string" && value.startsWith("data:image/"))
    return `a data URL may hold at most ${DATA_URL_BYTES / 1e6} MB; upload larger images with POST /v1/images`;
  return `send ${GIVE}`;
}

const DESCRIPTION =
  "The id of an uploaded image (`img_…`), a data URL of an image (at most 2 MB), or a public https URL (at most 15 MB).";

const pictureField = (special: readonly string[]) =>
  z.custom<string>((value) => typeof value === "string" && (special.includes(value) || written(value)), {
    error: ({ input }) => reason(input),
  });

/** A photo in JSON. */
export const pictureSchema = pictureField([]).meta({
  type: "string",
  maxLength: DATA_URL_MAX,
  pattern: "^(img_|data:image/|https?://)",
  description: DESCRIPTION,
});

/** A mask in JSON: a picture, or `auto` if the prompt locates it. */
export const maskPictureSchema = pictureField(["auto"])
  .meta({
    type: "string",
    maxLength: DATA_URL_MAX,
    pattern: "^(auto$|img_|data:image/|https?://)",
    description: `\`auto\` locates the region of the prompt. Otherwise a picture of the photo's size, white where it is edited: ${DESCRIPTION}`,
  })
  .default("auto");

/** A photo, or the bytes of a file that was sent in a form. */
export const pictureOrFileSchema = z.custom<string | Uint8Array>(
  (value) => value instanceof Uint8Array || (typeof value === "string" && written(value)),
  { error: ({ input }) => reason(input) },
);

/** A mask, or the bytes of a file that was sent in a form. */
export const maskOrFileSchema = z
  .custom<string | Uint8Array>(
    (value) =>
      value instanceof Uint8Array || value === "auto" || (typeof value === "string" && written(value)),
    { error: ({ input }) => reason(input) },
  )
  .default("auto");
