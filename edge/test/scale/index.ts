// The worker for `npm run bench:scale`: one account's own object, with the product's code and the runtime's SQLite, under
// a clock that jumps from one event to the next. What leaves it (queue, R2, Upstash, Stripe) is counted and answered.
import { Account as ProductAccount } from "../../src/account/account.ts";
import type { Env as ProductEnv } from "../../src/env.ts";
import { Clock } from "./clock.ts";
import { type Meter, meteredEnv, meterState, newMeter } from "./meter.ts";
import { orderSchema } from "./order.ts";
import { simulate } from "./simulate.ts";

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
