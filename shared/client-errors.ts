import { type Problem, problemSchema } from "./problem.ts";

/** The API refused a request, and trying again did not help. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** What the API said; null where the answer came from something else on the way, such as a proxy. */
  readonly problem: Problem | null;
  /** When to come back, in seconds, where the answer said so. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: Problem | null, retryAfterSeconds: number | null) {
    super(problem === null ? `the answer was ${status}` : `${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A refusal as an error. Reads the answer's body. */
export async function apiErrorOf(answer: Response): Promise<ApiError> {
  const text = await answer.text();
  return new ApiError(answer.status, problemOf(text), retryAfterOf(answer.headers));
}

function problemOf(text: string): Problem | null {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return null; // not the API's own words
  }
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3: a number or a date), or null where there is none to be read. */
export function retryAfterOf(headers: Headers): number | null {
  const text = headers.get("Retry-After");
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
