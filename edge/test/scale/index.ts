// The worker for `npm run bench:scale`: one account's own object with the runtime's SQLite, and the product's consumer
// and runs, under a clock that jumps from one event to the next. What leaves them (R2, Upstash, Stripe) is counted and
// answered.
import { Account as ProductAccount } from "../../src/account/account.ts";
import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env as ProductEnv } from "../../src/env.ts";
import { perform } from "../../src/queue/run-attempt.ts";
import { Agenda } from "./agenda.ts";
import { Clock } from "./clock.ts";
import { Gpus } from "./gpus.ts";
import { countedCalls, type Meter, meterState, newMeter } from "./meter.ts";
import { orderSchema } from "./order.ts";
import { simulate } from "./simulate.ts";
import { meteredEnv } from "./surroundings.ts";

const clock = new Clock();
const agenda = new Agenda();
const gpus = new Gpus(agenda, clock);

export class Account extends ProductAccount {
  readonly #meter: Meter;

  constructor(ctx: DurableObjectState, env: ProductEnv) {
    const meter = newMeter();
    meterState(ctx, meter);
    super(ctx, meteredEnv(env, meter, gpus));
    this.#meter = meter;
  }

  databaseSize(): number {
    return this.ctx.storage.sql.databaseSize;
  }

  /** Runs one order, from its first upload until everything in it has expired. */
  override async fetch(request: Request): Promise<Response> {
    const order = orderSchema.parse(await request.json());
    // one line per run belongs in the log of a real worker
    console.log = () => {};
    const account = countedCalls(this, this.#meter);
    const runners = new Runners(account);
    const env = {
      ...this.env,
      ACCOUNTS: { getByName: () => account },
      RUNNERS: { getByName: () => runners },
    } as unknown as ProductEnv;
    runners.env = env;
    agenda.ownTimers(clock);
    const parts = { account, meter: this.#meter, clock, agenda, gpus, runners, env };
    return Response.json(await simulate(parts, order));
  }
}

// deployed with the product's configuration, but not used
export { Runner } from "../../src/queue/runner.ts";

/** Each runner: it claims, then holds the run. Only its own object and its alarm are simulated. */
class Runners {
  env!: ProductEnv;
  readonly #account: Account;
  /** Total duration of the runs in milliseconds, and their number. */
  heldMs = 0;
  begun = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  async begin(message: EditMessage): Promise<void> {
    const claim = await this.#account.claim(message.edit);
    if (claim.outcome !== "claimed") return;
    const since = clock.now;
    this.begun += 1;
    perform(this.env, message, claim).then(() => {
      this.heldMs += clock.now - since;
    });
  }
}

export default {
  fetch: (request: Request, env: { ACCOUNTS: DurableObjectNamespace<Account> }) =>
    env.ACCOUNTS.getByName(new URL(request.url).pathname).fetch(request),
};
