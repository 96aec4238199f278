import type { Edit, Problem, ProblemCode } from "./types.ts";

/** The API refused a request, and retries did not help. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** The API's problem document; null if the answer came from something in between, such as a proxy. */
  readonly problem: Problem | null;
  /** When to retry, in seconds, if the answer said so. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: Problem | null, retryAfterSeconds: number | null, url = "the server") {
    super(
      problem === null
        ? `${url} answered ${status}, but not as this API does; is it the right address?`
        : `${problem.code}: ${problem.detail}`,
    );
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The stable code on which to decide; null if the API itself did not answer. */
  get code(): ProblemCode | null {
    return this.problem?.code ?? null;
  }

  /** Request id for support. */
  get requestId(): string | null {
    return this.problem?.request_id ?? null;
  }
}

/** Nothing answered at the address, and retries did not help. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  constructor(url: string, cause: unknown) {
    super(`nothing answers at ${url}${reasonOf(cause)}; is the server running there?`, { cause });
  }
}

/** Node's fetch hides the reason in a cause. */
function reasonOf(error: unknown): string {
  const { code } = ((error as Error | null)?.cause ?? {}) as { code?: unknown };
  return typeof code === "string" ? ` (${code})` : "";
}

/** An edit ended without a picture: it failed, or it was canceled. */
export class EditError extends Error {
  override readonly name = "EditError";
  readonly edit: Edit;

  constructor(edit: Edit) {
    const { status, error, id } = edit;
    super(error === null ? `the edit was ${status} (${id})` : `${error.code}: ${error.detail} (${id})`);
    this.edit = edit;
  }

  /** The stable code of the failure; null if the edit was canceled. */
  get code(): ProblemCode | null {
    return this.edit.error?.code ?? null;
  }
}

/** A webhook that was not sent by this API, or that is too old. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
}

/** Converts a refusal to an error. Reads the answer's body. */
export async function apiErrorOf(answer: Response, url: string): Promise<ApiError> {
  const text = await answer.text();
  return new ApiError(answer.status, problemOf(text), retryAfterOf(answer.headers), url);
}

/** Parses a problem document; null if the text is not one. */
function problemOf(text: string): Problem | null {
  try {
    const value: Partial<Problem> | null = JSON.parse(text);
    return typeof value?.code === "string" && typeof value.detail === "string" ? (value as Problem) : null;
  } catch {
    return null; // not from the API itself
  }
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3: a number or a date), or null if it is missing or unreadable. */
export function retryAfterOf(headers: Headers): number | null {
  const text = headers.get("Retry-After");
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
