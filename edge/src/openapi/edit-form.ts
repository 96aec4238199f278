import { EITHER_WANTED } from "../../../shared/wanted.ts";

const ref = (field: string) => ({ $ref: `#/components/schemas/EditRequest/properties/${field}` });

const FILE = { type: "string" as const, format: "binary" };

/** `POST /v1/edits` as a form: as the JSON, but image and mask may be files, and objects are JSON in their fields. */
export const FORM_SCHEMA = {
  type: "object" as const,
  required: ["image"],
  ...EITHER_WANTED,
  properties: {
    image: FILE,
    mask: FILE,
    prompt: ref("prompt"),
    edits: ref("edits"),
    source_prompt: ref("source_prompt"),
    mask_options: ref("mask_options"),
    schedule: ref("schedule"),
    composite: ref("composite"),
    output: ref("output"),
    webhook_url: ref("webhook_url"),
    deadline_ms: ref("deadline_ms"),
    metadata: ref("metadata"),
  },
};
