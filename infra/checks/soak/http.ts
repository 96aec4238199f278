import type { Recorder } from "./record.ts";

export interface Ask {
  /** Name of the route in the report. */
  readonly route: string;
  readonly customer: string;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly retryAfter: number | null;
  readonly json: unknown;
}

/** Maximum wait for an answer other than an event stream, in milliseconds: the worker itself never waits longer. */
const PATIENCE_MS = 70_000;

/** Requests whose times and outcomes are recorded. A connection that fails has status 0, and the reason as its code. */
export class Http {
  readonly #url: string;
  readonly #recorder: Recorder;

  constructor(url: string, recorder: Recorder) {
    this.#url = url;
    this.#recorder = recorder;
  }

  async ask({ route, customer, method = "GET", path, headers = {}, body }: Ask): Promise<Answer> {
    const { phase } = this.#recorder;
    const at = this.#recorder.now();
    let answer: Answer;
    try {
      const response = await fetch(new URL(path, this.#url), {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body !== undefined && { body }),
      });
      answer = await readAnswer(response);
    } catch (error) {
      answer = { status: 0, code: reasonOf(error), retryAfter: null, json: null };
    }
    const { status, code, retryAfter } = answer;
    const ms = this.#recorder.now() - at;
    this.#recorder.samples.push({ route, phase, customer, at, ms, status, code, retryAfter });
    return answer;
  }
}

/** Why a connection failed, as Node or its HTTP client names it: `ECONNRESET`, `UND_ERR_SOCKET`, `TimeoutError`. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  return String((cause as { code?: unknown } | undefined)?.code ?? name);
}

async function readAnswer(response: Response): Promise<Answer> {
  const bytes = await response.arrayBuffer();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const json: unknown = isJson ? JSON.parse(new TextDecoder().decode(bytes)) : null;
  const { status } = response;
  const code = status >= 400 && json !== null ? String((json as { code?: unknown }).code) : null;
  const retryAfter = response.headers.get("retry-after");
  return { status, code, retryAfter: retryAfter === null ? null : Number(retryAfter), json };
}
