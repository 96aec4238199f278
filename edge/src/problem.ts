import type { Context } from "hono";
import type { Policy } from "../../shared/moderation/policies.ts";
import { type FieldError, PROBLEM_STATUS, type Problem, type ProblemCode } from "../../shared/problem.ts";
import type { AppEnv } from "./context.ts";

interface RefusalOptions {
  /** Overrides the code's own status: 400 for a request that cannot be parsed at all. */
  readonly status?: 400;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldError[];
  /** With `moderated`: the policy that refuses it. */
  readonly policy?: Policy;
}

/** A refused request: thrown anywhere behind the router, answered as a problem document. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode;
  readonly options: RefusalOptions;

  constructor(code: ProblemCode, detail: string, options: RefusalOptions = {}) {
    super(detail);
    this.code = code;
    this.options = options;
  }
}

/** The same answer for an id that is malformed, unknown, erased or another account's. */
export const notFound = (what: string) => new Refusal("not_found", `there is no such ${what}`);

/** A run's refusal as the refusal of a request. */
export const refusedBy = ({ code, detail, policy }: RefusedRun) =>
  new Refusal(code, detail, { ...(policy && { policy }) });

interface RefusedRun {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly policy?: Policy | undefined;
}

/** A value in the request's body, query or headers that the contract does not allow. */
export const invalid = (path: string, message: string) =>
  new Refusal("invalid_request", path === "" ? message : `${path}: ${message}`, {
    errors: [{ path, message }],
  });

/** Answers with `application/problem+json` (RFC 9457). */
export function problem(c: Context<AppEnv>, { code, message, options }: Refusal): Response {
  const status = options.status ?? PROBLEM_STATUS[code];
  const body: Problem = {
    type: "about:blank",
    title: code.replaceAll("_", " "),
    status,
    detail: message,
    code,
    request_id: c.get("requestId"),
    ...(options.errors && { errors: [...options.errors] }),
    ...(options.policy && { policy: options.policy }),
  };
  return c.body(JSON.stringify(body), status, {
    ...options.headers,
    "Content-Type": "application/problem+json",
  });
}
