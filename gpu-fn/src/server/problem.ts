import type { Context } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type FieldError, PROBLEM_STATUS, type Problem, type ProblemCode } from "../../../shared/problem.ts";

export type ServerContext = Context<{ Variables: RequestIdVariables }>;

export interface ProblemExtras {
  /** The status, if it differs from the code's own. */
  readonly status?: ContentfulStatusCode;
  readonly errors?: FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with `application/problem+json` (RFC 9457). */
export function problem(
  c: ServerContext,
  code: ProblemCode,
  detail: string,
  { status = PROBLEM_STATUS[code], errors, headers = {} }: ProblemExtras = {},
): Response {
  const body: Problem = {
    type: "about:blank",
    title: code.replaceAll("_", " "),
    status,
    detail,
    code,
    request_id: c.get("requestId"),
    ...(errors === undefined ? {} : { errors }),
  };
  return c.body(JSON.stringify(body), status, { ...headers, "Content-Type": "application/problem+json" });
}
