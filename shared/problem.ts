import { z } from "zod";
import { policySchema } from "./moderation/policies.ts";

/** Stable codes of refusals, with the HTTP status of each unless the route overrides it. */
export const PROBLEM_STATUS = {
  /** 422 for a value the schema refuses; 400 if the request cannot be parsed at all (malformed JSON, multipart). */
  invalid_request: 422,
  unauthorized: 401,
  insufficient_credits: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_mismatch: 409,
  length_required: 411,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media: 415,
  image_rejected: 422,
  /** The photo has no face, or not the requested one, and there is no mask. */
  no_face: 422,
  moderated: 422,
  /** An edit without a visible difference; it is not charged. */
  unchanged: 422,
  rate_limited: 429,
  internal: 500,
  /** The service itself cannot accept it now: the same request may succeed later. */
  unavailable: 503,
  gpu_unavailable: 503,
  deadline_exceeded: 504,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

export const problemCodeSchema = z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]);

/** A schema's refusal: the path of the value (`schedule.steps`) and the reason, for people. */
const fieldErrorSchema = z.object({ path: z.string(), message: z.string() });

export type FieldError = z.output<typeof fieldErrorSchema>;

/** An error answer: `application/problem+json`, RFC 9457, with a stable code and the request's id. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: problemCodeSchema,
    request_id: z.string(),
    errors: z.array(fieldErrorSchema).optional(),
    policy: policySchema.optional().meta({ description: "With `moderated`: the policy that refuses." }),
  })
  .meta({ id: "Problem" });

export type Problem = z.output<typeof problemSchema>;
