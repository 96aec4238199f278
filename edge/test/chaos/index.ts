// The worker for the fault stories of `npm run test:chaos`: the product's own entry, bundled as it is deployed, behind a
// clock that can be moved and a queue that can be disturbed. Left alone, neither does anything.
import "./clock.ts";

import { z } from "zod";
import { idSchema } from "../../../shared/ids.ts";
import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env as ProductEnv } from "../../src/env.ts";
import worker, { Account as ProductAccount, Runner as ProductRunner } from "../../src/index.ts";
import { moveClock, offset, readClock, realNow } from "./clock.ts";
import { DisturbedQueue } from "./queue.ts";

interface Env extends Omit<ProductEnv, "ACCOUNTS"> {
  readonly ACCOUNTS: DurableObjectNamespace<Account>;
  /** Where the offset of the worker's clock is kept while its process is down. */
  readonly CLOCK_URL: string;
}

let setRealAlarm: DurableObjectStorage["setAlarm"] | null = null;

/**
 * The runtime's alarms fire by the real clock, so they are set by it. An object that restarts finds none and sets its
 * alarm again, since the clock may have been moved meanwhile; it does nothing before it knows the time.
 */
function followClock(state: DurableObjectState, clockUrl: string): void {
  if (setRealAlarm !== null) return;
  const ofStorage: DurableObjectStorage = Object.getPrototypeOf(state.storage);
  const ofState: DurableObjectState = Object.getPrototypeOf(state);
  const { setAlarm } = ofStorage;
  setRealAlarm = setAlarm;
  ofStorage.setAlarm = function (at, options) {
    return setAlarm.call(this, Math.max(realNow(), Number(at) - offset()), options);
  };
  ofStorage.getAlarm = async () => null;
  const { blockConcurrencyWhile } = ofState;
  ofState.blockConcurrencyWhile = function (work) {
    return blockConcurrencyWhile.call(this, async () => {
      await readClock(clockUrl);
      return work();
    }) as ReturnType<typeof work>;
  };
}

export class Account extends ProductAccount {
  constructor(ctx: DurableObjectState, env: ProductEnv) {
    followClock(ctx, (env as unknown as Env).CLOCK_URL);
    super(ctx, env);
  }

  /** The clock was moved: whatever is now due is checked at once. */
  async clockMoved(): Promise<void> {
    await setRealAlarm?.call(this.ctx.storage, realNow());
  }
}

export class Runner extends ProductRunner {
  constructor(ctx: DurableObjectState, env: ProductEnv) {
    super(ctx, productEnv(env as unknown as Env));
  }
}

const queue = new DisturbedQueue(worker.queue);

const message = z.object({ account: idSchema("acct"), edit: idSchema("edit") });
const orders = {
  "/.chaos/clock": z.object({ offsetMs: z.number(), accounts: z.array(idSchema("acct")) }),
  "/.chaos/queue": z.object({ copies: z.int().min(1), delaysSeconds: z.array(z.int().min(0)) }),
  "/.chaos/deliver": z.object({ queue: z.string(), messages: z.array(message) }),
  "/.chaos/storage": z.object({ lingerMs: z.number().min(0) }),
  "/.chaos/send": z.object({ messages: z.array(message.extend({ delaySeconds: z.int().min(0) })) }),
} as const;

/** The stories' requests to this worker in addition to the product's routes. */
async function obey(path: keyof typeof orders, body: unknown, env: Env): Promise<Response> {
  if (path === "/.chaos/clock") {
    const { offsetMs, accounts } = orders[path].parse(body);
    moveClock(offsetMs);
    await Promise.all(accounts.map((id) => env.ACCOUNTS.getByName(id).clockMoved()));
  } else if (path === "/.chaos/storage") {
    lingerMs = orders[path].parse(body).lingerMs;
  } else if (path === "/.chaos/queue") {
    queue.disturbance = orders[path].parse(body);
  } else if (path === "/.chaos/send") {
    for (const { delaySeconds, ...sent } of orders[path].parse(body).messages)
      await env.EDITS.send(sent, { delaySeconds });
  } else {
    const { queue: name, messages } = orders[path].parse(body);
    await Promise.all(messages.map((sent) => queue.inject(name, sent, productEnv(env))));
  }
  return new Response(null, { status: 204 });
}

/** How long after the fact storage reports that an object was written. */
let lingerMs = 0;

function slowBucket(bucket: R2Bucket): R2Bucket {
  const put = async (...given: Parameters<R2Bucket["put"]>) => {
    const object = await bucket.put(...given);
    await scheduler.wait(lingerMs);
    return object;
  };
  return new Proxy(bucket, {
    get(real, name) {
      if (name === "put") return put;
      const found = Reflect.get(real, name);
      return typeof found === "function" ? found.bind(real) : found;
    },
  });
}

const seenAs = new WeakMap<Env, ProductEnv>();

/** The environment as the product sees it: always the same object, with a slower bucket on request. */
function productEnv(env: Env): ProductEnv {
  const known = seenAs.get(env);
  if (known !== undefined) return known;
  const seen = { ...env, IMAGES: slowBucket(env.IMAGES) } as unknown as ProductEnv;
  seenAs.set(env, seen);
  return seen;
}

const isOrder = (path: string): path is keyof typeof orders => Object.hasOwn(orders, path);

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    await readClock(env.CLOCK_URL);
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/.chaos/queue") return Response.json(queue.state);
    if (request.method === "POST" && isOrder(pathname)) return obey(pathname, await request.json(), env);
    return worker.fetch(request, productEnv(env), ctx);
  },
  async queue(batch: MessageBatch<EditMessage>, env: Env): Promise<void> {
    await readClock(env.CLOCK_URL);
    await queue.deliver(batch, productEnv(env));
  },
} satisfies ExportedHandler<Env, EditMessage>;
