import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import type { FieldError } from "../../../shared/problem.ts";
import type { AppEnv } from "../context.ts";
import { problem, Refusal } from "../problem.ts";
import { unknownField } from "./unknown-field.ts";

/** Converts anything thrown behind the router to a problem document. Only the log says more than the code. */
export function onError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof Refusal) return problem(c, error);
  if (error instanceof HTTPException && error.status === 415)
    return problem(
      c,
      new Refusal("unsupported_media", "send application/json, with that as the Content-Type"),
    );
  if (error instanceof HTTPException && error.status < 500)
    return problem(c, new Refusal("invalid_request", "the body is not valid JSON", { status: 400 }));
  if (isPassing(error)) {
    const line = { event: "object_away", request_id: c.get("requestId"), error: String(error) };
    console.warn(JSON.stringify(line));
    const headers = { "Retry-After": String(RETRY_AFTER_SECONDS) };
    return problem(
      c,
      new Refusal("unavailable", "the service cannot take this now; try again soon", { headers }),
    );
  }
  const line = { event: "failure", request_id: c.get("requestId"), error: error.name, stack: error.stack };
  console.error(JSON.stringify(line));
  return problem(c, new Refusal("internal", "the request failed on our side"));
}

/** `Retry-After` for an account's object that moves, restarts or is overloaded. */
const RETRY_AFTER_SECONDS = 2;

/** Errors of a Durable Object that the platform marks as transient: the same request may succeed later. */
const isPassing = (error: Error & { readonly retryable?: unknown; readonly overloaded?: unknown }) =>
  error.retryable === true || error.overloaded === true;

/** A schema's refusal as the contract's `invalid_request`. @throws Refusal always if it was refused */
export function refuseInvalid(result: { success: true } | { success: false; error: z.core.$ZodError }): void {
  if (result.success) return;
  throw invalidRequest(result.error);
}

/** Maximum number of values in a refusal, and of characters per message and path: a body must not be echoed. */
const NAMED_MAX = 20;
const TEXT_MAX = 500;

/** A schema's refusal, with the path of each value. */
export function invalidRequest(error: z.core.$ZodError): Refusal {
  const errors = error.issues
    .slice(0, NAMED_MAX)
    .flatMap((issue) => fieldErrors(issue, []))
    .slice(0, NAMED_MAX)
    .map(({ path, message }) => ({ path: path.slice(0, TEXT_MAX), message: message.slice(0, TEXT_MAX) }));
  const detail = errors
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
  return new Refusal("invalid_request", detail.slice(0, 1_000), { errors });
}

/** A union fails with one message per branch: the messages are joined. */
function fieldErrors(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): FieldError[] {
  const path = [...parents, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.slice(0, NAMED_MAX).map((key) => ({
      path: [...path, key].map(String).join("."),
      message: unknownField(key),
    }));
  if (issue.code !== "invalid_union" || issue.errors.length === 0)
    return [{ path: path.map(String).join("."), message: sentenceOf(issue) }];
  const deep = issue.errors.find((branch) => branch.some(({ path }) => path.length > 0));
  if (deep !== undefined) return deep.flatMap((inner) => fieldErrors(inner, path));
  const messages = new Set(issue.errors.flat().flatMap((inner) => fieldErrors(inner, []).map(messageOf)));
  return [{ path: path.map(String).join("."), message: [...messages].join(", or ") }];
}

/** What is needed, by a type's name in schemas. */
const NEEDED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

/** An issue's own message, or what is needed in place of the library's words for a wrong type or value. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const { code, message } = issue;
  if (code === "invalid_type" && message.startsWith("Invalid input: expected"))
    return `${message.endsWith("received undefined") ? "missing; " : ""}${NEEDED[issue.expected] ?? issue.expected} is needed`;
  if (code === "invalid_value" && /^Invalid (?:option|input): expected/.test(message))
    return `${issue.values.map((value) => JSON.stringify(value)).join(" or ")} is needed`;
  return message;
}

const messageOf = ({ message }: FieldError) => message;
