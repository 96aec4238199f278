import { Agent, request } from "node:http";

/** One kind of request, repeated. */
export interface Load {
  readonly name: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The measurements; times in milliseconds, from sending a request to its complete answer. */
export interface Row {
  readonly request: string;
  readonly rate: number;
  readonly seconds: number;
  readonly answered: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Answers other than 2xx, and connections that failed. */
  readonly errors: number;
}

/**
 * Sends requests at even distances whether or not earlier ones are answered (a load generator that waits for answers
 * hides the slow ones, and one that sends a second's share at once measures its own bursts). Each POST has an
 * separate Idempotency-Key.
 * @param rate requests a second
 */
export async function measure(url: string, load: Load, rate: number, seconds: number): Promise<Row> {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  let errors = 0;
  const sent: Promise<void>[] = [];
  const began = performance.now();
  for (let i = 0; i < rate * seconds; i += 1) {
    const pause = began + (i * 1000) / rate - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const start = performance.now();
    const answered = send(agent, url, load).then((ok) => {
      times.push(performance.now() - start);
      if (!ok) errors += 1;
    });
    sent.push(answered);
  }
  await Promise.all(sent);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => round(times[Math.min(times.length - 1, Math.floor(share * times.length))]);
  return {
    request: load.name,
    rate,
    seconds,
    answered: times.length,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    max_ms: at(1),
    errors,
  };
}

/** Whether one request was answered 2xx. */
function send(agent: Agent, url: string, { path, method, headers, body }: Load): Promise<boolean> {
  const own = method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {};
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const sending = request(
      `${url}${path}`,
      { agent, method, headers: { ...headers, ...own, ...length } },
      (answer) => {
        answer.resume();
        answer.once("close", () =>
          resolve(answer.complete && Math.floor((answer.statusCode ?? 0) / 100) === 2),
        );
      },
    );
    sending.once("error", () => resolve(false));
    sending.end(body);
  });
}

const round = (milliseconds = Number.NaN) => Math.round(milliseconds * 100) / 100;
