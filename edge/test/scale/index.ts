// The worker for `npm run bench:scale`: one account's own object, with the product's code and the runtime's SQLite, under
// a clock that jumps from one event to the next. What leaves it (queue, R2, Upstash, Stripe) is counted and answered.
import { z } from "zod";
import { Account as ProductAccount } from "../../src/account/account.ts";
import type { Env as ProductEnv } from "../../src/env.ts";
import { Clock } from "./clock.ts";
import { type Meter, meteredEnv, meterState, newMeter } from "./meter.ts";
import { simulate } from "./simulate.ts";

const orderSchema = z.object({
  /** Edits a minute, for so many minutes. */
  rate: z.number().positive(),
  minutes: z.number().positive(),
  /** How long a GPU takes for an edit, in milliseconds, and how many edits the GPUs make at a time. */
  gpuMs: z.number().positive(),
  containers: z.int().positive(),
  /** Queue messages that consumers hold at a time at most. */
  consumers: z.int().positive(),
});

export type Order = z.output<typeof orderSchema>;

const clock = new Clock();

export class Account extends ProductAccount {
  readonly #meter: Meter;

  constructor(ctx: DurableObjectState, env: ProductEnv) {
    const meter = newMeter();
    meterState(ctx, meter);
    super(ctx, meteredEnv(env, meter));
    this.#meter = meter;
  }

  databaseSize(): number {
    return this.ctx.storage.sql.databaseSize;
  }

  /** Runs one order, from its first upload until all of it has expired. */
  override async fetch(request: Request): Promise<Response> {
    const order = orderSchema.parse(await request.json());
    return Response.json(await simulate(this, this.#meter, clock, order));
  }
}

export default {
  fetch: (request: Request, env: { ACCOUNTS: DurableObjectNamespace<Account> }) =>
    env.ACCOUNTS.getByName(new URL(request.url).pathname).fetch(request),
};
