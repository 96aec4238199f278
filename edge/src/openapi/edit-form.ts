import { z } from "@hono/zod-openapi";
import { editFields } from "../../../shared/edit.ts";

/** A file or text: given a union of both, generators lose the file or write code that does not compile. */
const fileOrText = (description: string) => z.string().meta({ format: "binary", description });

/** `POST /v1/edits` as a form: like the JSON, but image and mask are files, and objects are JSON in their fields. */
export const editFormSchema = z
  .strictObject({
    ...editFields,
    image: fileOrText("The photo as a file, or as text: an image id, a data URL or an https URL."),
    mask: fileOrText(
      "A mask as a file, white where it is edited, or as text, as in JSON. An empty part counts as absent.",
    ).optional(),
  })
  .meta({ id: "EditForm", description: "Either `prompt` or `edits` is needed, and not both." });

/** The encoding of the form's fields that are not text. */
export const EDIT_FORM_ENCODING = Object.fromEntries(
  ["edits", "mask_options", "face", "schedule", "output", "metadata"].map((name) => [
    name,
    { contentType: "application/json" },
  ]),
);
