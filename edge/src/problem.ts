import type { Context } from "hono";
import { PROBLEM_STATUS, type Problem, type ProblemCode } from "../../shared/problem.ts";

/** Answers with `application/problem+json` (RFC 9457). */
export function problem(c: Context, code: ProblemCode, detail: string): Response {
  const status = PROBLEM_STATUS[code];
  const body: Problem = {
    type: "about:blank",
    title: code.replaceAll("_", " "),
    status,
    detail,
    code,
    request_id: c.get("requestId"),
  };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}
