import type { ZodType } from "zod";
import { problemSchema } from "../../../shared/problem.ts";

/** What each refusal means, for readers of the contract. */
const REFUSALS = {
  400: "The request cannot be parsed.",
  401: "No key, or one that is not valid.",
  402: "The account has too few credits.",
  403: "The key or signature does not allow this.",
  404: "There is no such thing, or it is not yours, or it was erased.",
  409: "Another request with this Idempotency-Key runs, or had another body.",
  411: "The body came without Content-Length.",
  412: "The file is not as `If-Match` or `If-Unmodified-Since` says.",
  413: "The body is too large.",
  415: "The Content-Type is not one that is taken here.",
  422: "A value is not allowed, the image cannot be taken, or a policy refuses the words or the image (`moderated`).",
  429: "A limit of the key or of its account is used up; Retry-After says when to come back.",
  503: "This cannot be taken now; Retry-After says when to come back.",
} as const;

type RefusalStatus = keyof typeof REFUSALS;

const problemContent = { "application/problem+json": { schema: problemSchema } };

/** Problem documents by status, for a route's `responses`. */
export function refusals<S extends RefusalStatus>(...statuses: S[]) {
  const answers = statuses.map((status) => [
    status,
    { description: REFUSALS[status], content: problemContent },
  ]);
  return Object.fromEntries(answers) as Record<S, { description: string; content: typeof problemContent }>;
}

/** Refusals of every route that requires a key. */
export const KEY_REFUSALS = refusals(401, 403, 429);

/** Refusals of every route that takes a JSON body. */
export const BODY_REFUSALS = refusals(400, 409, 411, 413, 415, 422);

/** A JSON answer. @param example if it is not the schema's own */
export const json = <T extends ZodType>(schema: T, description: string, example?: object) => ({
  description,
  content: { "application/json": { schema, ...(example && { example }) } },
});

/** A required JSON body. */
export const jsonBody = <T extends ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** Routes that require a secret key. */
export const SECURED = [{ key: [] as string[] }];

/** Routes that require a secret key, or a token instead. */
export const KEY_OR_TOKEN = [...SECURED, { token: [] as string[] }];
