import { z } from "zod";
import { type EditRequestBody, editFields } from "../../../shared/edit.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import type { ModelCard } from "../../../shared/models.ts";
import { maskOrFileSchema, pictureOrFileSchema } from "../../../shared/picture-field.ts";
import { presetsOf } from "../../../shared/presets.ts";
import { resolvePrompts } from "../../../shared/prompt-fields.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import { invalidRequest } from "../middleware/on-error.ts";
import { invalid, Refusal } from "../problem.ts";
import { formFields } from "./form.ts";

/** Maximum size of a request: two data URLs in JSON or two files in multipart, and the rest of the body. */
const JSON_BYTES = 5_600_000;
const FORM_BYTES = 2 * IMAGE_LIMITS.bytes + 100_000;

/** A request whose pictures may be files. */
const requestSchema = z
  .strictObject({
    ...editFields,
    image: pictureOrFileSchema,
    mask: maskOrFileSchema,
  })
  .transform(resolvePrompts);

export type EditRequest = z.output<typeof requestSchema>;
export type PictureField = string | Uint8Array;

type Kind = "json" | "form";

/** The format of a body, by its type. @throws Refusal `unsupported_media` */
export function kindOf(contentType: string | undefined): Kind {
  const essence = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (essence === "application/json") return "json";
  if (essence === "multipart/form-data") return "form";
  throw new Refusal("unsupported_media", "send application/json or multipart/form-data");
}

/** Maximum number of bytes of a body in this format. */
export const maxBytesOf = (kind: Kind) => (kind === "json" ? JSON_BYTES : FORM_BYTES);

/**
 * Reads and validates the body of `POST /v1/edits`.
 * @throws Refusal `invalid_request`: 400 if it cannot be parsed, 422 if the schema refuses it
 */
export async function readEditRequest(request: Request, kind: Kind): Promise<EditRequest> {
  const fields =
    kind === "json"
      ? jsonOf(await request.text())
      : await formFields(request.body, request.headers.get("Content-Type") ?? "", FORM_BYTES);
  const result = requestSchema.safeParse(fields);
  if (!result.success) throw invalidRequest(result.error);
  return result.data;
}

/** The schedule of a request, within the model's limits. @throws Refusal `invalid_request` */
export function scheduleOf(choice: EditRequestBody["schedule"], model: ModelCard): Schedule {
  const schedule = typeof choice === "string" ? presetsOf(model.fastSteps)[choice] : choice;
  if ((schedule.value_blocks ?? 0) > model.blocks)
    throw invalid("schedule.value_blocks", `the model ${model.id} has ${model.blocks} blocks`);
  return schedule;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid_request", "the body is not valid JSON", { status: 400 });
  }
}
