import { z } from "zod";

/** Stable codes of refusals and the HTTP status each has. */
export const PROBLEM_STATUS = {
  method_not_allowed: 405,
  not_found: 404,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** An error answer: `application/problem+json`, RFC 9457, with a stable code and the request's id. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(["method_not_allowed", "not_found", "internal"]),
  request_id: z.string(),
});

export type Problem = z.output<typeof problemSchema>;
