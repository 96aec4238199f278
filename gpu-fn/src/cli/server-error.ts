import { ApiError, ConnectionError } from "../../../shared/client/src/index.ts";
import type { Edit } from "../../../shared/edit.ts";

/** What went wrong with a server: `away` (not reached or too busy), `forbidden` (for this key), `refused`, `failed`. */
export type ServerFault = "away" | "forbidden" | "refused" | "failed";

/** A server did not make an edit. The message is one line; the code is the API's own if it gave one. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly fault: ServerFault;
  readonly code: string;

  constructor(fault: ServerFault, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
    this.code = code;
  }
}

const FORBIDDEN = new Set([401, 402, 403]);

/** Error codes of an edit that are caused by the request's content. */
const OF_INPUT = new Set(["image_rejected", "moderated", "invalid_request", "unsupported_media"]);

/** Converts errors of the typed client into `ServerError`; errors that do not come from the server are unchanged. */
export function asServerError(error: unknown): unknown {
  if (error instanceof ApiError) return ofRefusedRequest(error);
  if (error instanceof ConnectionError)
    return new ServerError("away", "unreachable", error.message, { cause: error });
  return error;
}

function ofRefusedRequest(error: ApiError): ServerError {
  const { status, problem } = error;
  const fields = (problem?.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  // the detail already names the fields, unless there are too many
  const further = fields.filter((field) => !error.message.includes(field));
  const message = [error.message, ...further].join("; ");
  const code = problem?.code ?? `http_${status}`;
  const options = { cause: error };
  if (FORBIDDEN.has(status)) return new ServerError("forbidden", code, message, options);
  if (status === 429 || status > 500) return new ServerError("away", code, message, options);
  return new ServerError(status === 500 ? "failed" : "refused", code, message, options);
}

/** An edit that ended without a picture. */
export function failureOf({ id, error }: Edit): ServerError {
  const { code, detail } = error ?? { code: "internal", detail: "no reason is given" };
  return new ServerError(OF_INPUT.has(code) ? "refused" : "failed", code, `${code}: ${detail} (${id})`);
}
