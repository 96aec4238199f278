import { Hono } from "hono";

interface Answer {
  readonly status: 200 | 400 | 401 | 429 | 500;
  readonly body: object;
}

export const STRIPE_KEY = "sk_test_fake";

/**
 * The parts of Stripe's API that the worker calls: form-encoded bodies, bearer keys, idempotency keys that replay the
 * first answer (even a 500), meter events that are unique by identifier. `GET /test/events` lists them.
 */
export class FakeStripe {
  readonly customers: { id: string; name: string; account: string }[] = [];
  readonly events: Record<string, string>[] = [];
  /** Every request's path and idempotency key, in order. */
  readonly requests: { path: string; idempotencyKey: string | null }[] = [];
  readonly #answers = new Map<string, Answer>();
  /** As a server: for requests that left the worker. */
  readonly app = new Hono();
  #failures: Answer[] = [];

  constructor() {
    this.app.post("/v1/*", async (c) => {
      const idempotencyKey = c.req.header("idempotency-key") ?? null;
      this.requests.push({ path: c.req.path, idempotencyKey });
      const known = idempotencyKey === null ? undefined : this.#answers.get(idempotencyKey);
      const form = (await c.req.parseBody()) as Record<string, string>;
      const authorized = c.req.header("authorization") === `Bearer ${STRIPE_KEY}`;
      const answer = known ?? (authorized ? this.#take(c.req.path, form) : refusal(401, "Invalid API Key"));
      if (idempotencyKey !== null) this.#answers.set(idempotencyKey, answer);
      return c.json(answer.body, answer.status, { "request-id": "req_fake" });
    });
    this.app.get("/test/events", (c) => c.json({ events: this.events, customers: this.customers }));
  }

  /** The next request that is not a replay is answered with an error. */
  failNext(status: 400 | 429 | 500, message = "An error occurred"): void {
    this.#failures.push(refusal(status, message));
  }

  /** As a `fetch` for a client in the same process. */
  readonly fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> =>
    this.app.fetch(new Request(input as Request, init));

  #take(path: string, form: Record<string, string>): Answer {
    const failure = this.#failures.shift();
    if (failure !== undefined) return failure;
    if (path === "/v1/customers") {
      const id = `cus_${this.customers.length + 1}`;
      this.customers.push({ id, name: form.name ?? "", account: form["metadata[account_id]"] ?? "" });
      return { status: 200, body: { id, object: "customer" } };
    }
    if (path !== "/v1/billing/meter_events") return refusal(400, `Unrecognized request URL (POST: ${path})`);
    if (this.events.some(({ identifier }) => identifier === form.identifier)) {
      return refusal(400, `An event already exists with identifier ${form.identifier}.`);
    }
    this.events.push(form);
    return { status: 200, body: { object: "billing.meter_event", identifier: form.identifier } };
  }
}

function refusal(status: Answer["status"], message: string): Answer {
  return {
    status,
    body: { error: { type: status === 500 ? "api_error" : "invalid_request_error", message } },
  };
}
