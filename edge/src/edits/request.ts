import { z } from "zod";
import { type EditRequestBody, editFields, pictureSchema } from "../../../shared/edit.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import type { ModelCard } from "../../../shared/models.ts";
import { PRESETS } from "../../../shared/presets.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import { resolveWanted } from "../../../shared/wanted.ts";
import { refusalOf } from "../middleware/on-error.ts";
import { invalid, Refusal } from "../problem.ts";

/** Most bytes of a request: two data URLs in JSON, two files in multipart, and their surroundings. */
const JSON_BYTES = 5_600_000;
const FORM_BYTES = 2 * IMAGE_LIMITS.bytes + 100_000;

/** An id, well-formed or not (a malformed one is unknown, which is another refusal than a bad value), or a data URL. */
export const namedPictureSchema = z.union([pictureSchema, z.string().startsWith("img_").max(100)]);

const fileSchema = z.instanceof(File, { error: "not a file" });

/** A request whose pictures may be files. */
const requestSchema = z
  .strictObject({
    ...editFields,
    image: z.union([namedPictureSchema, fileSchema]),
    mask: z.union([z.literal("auto"), namedPictureSchema, fileSchema]).default("auto"),
  })
  .transform(resolveWanted);

export type EditRequest = z.output<typeof requestSchema>;
export type PictureField = string | File;

/** Fields of a form that hold JSON rather than text. */
const JSON_FIELDS = new Set(["edits", "mask_options", "output", "deadline_ms", "metadata"]);

type Kind = "json" | "form";

/** How a body is read, by its type. @throws Refusal `unsupported_media` */
export function kindOf(contentType: string | undefined): Kind {
  const essence = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (essence === "application/json") return "json";
  if (essence === "multipart/form-data") return "form";
  throw new Refusal("unsupported_media", "send application/json or multipart/form-data");
}

/** Most bytes a body of this kind may have. */
export const maxBytesOf = (kind: Kind) => (kind === "json" ? JSON_BYTES : FORM_BYTES);

/**
 * Reads and checks the body of `POST /v1/edits`.
 * @throws Refusal `invalid_request`: 400 where it cannot be parsed, 422 for what the schema refuses
 */
export async function readEditRequest(request: Request, kind: Kind): Promise<EditRequest> {
  const fields =
    kind === "json" ? await parsed(request.json()) : formFields(await parsed(request.formData()));
  const result = requestSchema.safeParse(fields);
  if (!result.success) throw refusalOf(result.error);
  return result.data;
}

/** The schedule a request means, within what the model can do. @throws Refusal `invalid_request` */
export function scheduleOf(choice: EditRequestBody["schedule"], model: ModelCard): Schedule {
  const schedule = typeof choice === "string" ? PRESETS[choice] : choice;
  if ((schedule.value_blocks ?? 0) > model.blocks)
    throw invalid("schedule.value_blocks", `the model ${model.id} has ${model.blocks} blocks`);
  return schedule;
}

async function parsed<T>(body: Promise<T>): Promise<T> {
  try {
    return await body;
  } catch {
    throw new Refusal("invalid_request", "the body cannot be parsed", { status: 400 });
  }
}

/** A form as the object that JSON would have been. A field given twice is refused: which one was meant? */
function formFields(form: FormData): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of form) {
    if (fields.has(name)) throw invalid(name.slice(0, 100), "the field is there twice");
    fields.set(name, typeof value === "string" ? fieldValue(name, value) : value);
  }
  // as fields of its own, whatever their names: assigned, `__proto__` would not become one
  return Object.fromEntries(fields);
}

/** A schedule is a preset's name or an object. */
function fieldValue(name: string, text: string): unknown {
  const json = JSON_FIELDS.has(name) || (name === "schedule" && text.trimStart().startsWith("{"));
  if (!json) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(name, "the field is not valid JSON");
  }
}
