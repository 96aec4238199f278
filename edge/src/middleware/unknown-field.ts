import { editFields } from "../../../shared/edit.ts";
import { signRequestSchema, uploadRequestSchema } from "../../../shared/sign.ts";

/** Field names of other APIs, and their names here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  preset: "schedule",
  image_url: "image",
  photo: "image",
  file: "image",
  input_image: "image",
  init_image: "image",
  text: "prompt",
  instruction: "prompt",
  instructions: "prompt",
  caption: "source_prompt",
  mask_url: "mask",
  mask_image: "mask",
  invert: "mask_options.invert",
  grow: "mask_options.grow",
  feather: "mask_options.feather",
  threshold: "mask_options.threshold",
  steps: "schedule.steps",
  num_inference_steps: "schedule.steps",
  solver: "schedule.solver",
  guidance: "schedule.guidance.edit",
  guidance_scale: "schedule.guidance.edit",
  format: "output.format",
  output_format: "output.format",
  quality: "output.quality",
  webhook: "webhook_url",
  callback_url: "webhook_url",
  timeout: "deadline_ms",
};

/** Fields of other APIs that have no use here, with what to do instead. */
const NOT_HERE: Readonly<Record<string, string>> = {
  seed: "edits have no seed: the same request makes the same picture",
  negative_prompt: 'say it in the prompt, such as "a man without a beard"',
  num_images: "one edit makes one picture; POST /v1/alternatives makes several",
  n: "one edit makes one picture; POST /v1/alternatives makes several",
  strength: "how much changes is set by schedule.structuring_steps",
};

const FIELDS = [
  ...Object.keys(editFields),
  "alternatives",
  ...signRequestSchema.options.flatMap(({ shape }) => Object.keys(shape)),
  ...Object.keys(uploadRequestSchema.shape),
];

const bare = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The sentence about a field that a schema does not have, with the one that was probably meant. */
export function unknownField(name: string): string {
  const known = name.length <= 100 ? name.toLowerCase().replaceAll("-", "_") : "";
  const advice = Object.hasOwn(NOT_HERE, known) ? NOT_HERE[known] : undefined;
  if (advice !== undefined) return `unknown field; ${advice}`;
  const meant = Object.hasOwn(SYNONYMS, known)
    ? SYNONYMS[known]
    : FIELDS.find((field) => alike(field, known));
  return meant === undefined || meant === name ? "unknown field" : `unknown field; did you mean "${meant}"?`;
}

/** Equal except for case and separators, or for one letter more or less at the end. */
function alike(field: string, name: string): boolean {
  const [a, b] = [bare(field), bare(name)];
  return a === b || (b.length > 3 && (a === b.slice(0, -1) || b === a.slice(0, -1)));
}
