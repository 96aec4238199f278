import { Redis } from "@upstash/redis/cloudflare";
import { type Id, isId } from "../../../shared/ids.ts";
import type { Settings } from "../env.ts";
import { Circuit } from "../upstash/circuit.ts";

/** What an account's unfinished edits cost together, until the last of them has ended (Unix milliseconds). */
export interface Share {
  readonly credits: number;
  readonly until: number;
}

/** The unfinished edits of all accounts. Credits measure work: a price follows evaluations and pixels. */
export interface Backlog {
  readonly credits: ReadonlyMap<Id<"acct">, number>;
  /** Milliseconds of a GPU for the work of one credit; null where no edit has ended yet. */
  readonly msPerCredit: number | null;
}

/**
 * The backlog in Upstash: a hash with a field an account, and how long a credit's work took lately. Each account
 * writes its own field whole, so that nothing adds up what was written twice or lost; an entry counts no longer than
 * its edits can live. Accounts' own tables are the truth, this is a copy that may be late or gone.
 */
export interface BacklogStore {
  /** What was read last. */
  readonly latest: Backlog | null;
  /** At most a second old, a little more while another request reads it anew; null where it is not known. */
  read(now?: number): Promise<Backlog | null>;
  /** Whether it was written. */
  write(account: Id<"acct">, share: Share, msPerCredit: number | null): Promise<boolean>;
}

/** Longest that a request waits for the backlog, in milliseconds. */
const PATIENCE_MS = 300;

/** How old a backlog may be that a request is judged by. */
const FRESH_MS = 1_000;

/** Entries nobody writes any more vanish after twice the longest deadline; a pace is worth something for a day. */
const HASH_SECONDS = 1_800;
const PACE_SECONDS = 86_400;

const opened = new WeakMap<Settings, BacklogStore | null>();

/** The backlog in front of this deployment's GPUs, or null where no Upstash is configured. */
export function backlogOf(settings: Settings): BacklogStore | null {
  const known = opened.get(settings);
  if (known !== undefined) return known;
  const store = openBacklog(settings);
  opened.set(settings, store);
  return store;
}

/** @param patienceMs longest that a command may take */
export function openBacklog(settings: Settings, patienceMs = PATIENCE_MS): BacklogStore | null {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, GPU_URL } = settings;
  if (url === undefined || token === undefined) return null;
  const signal = () => AbortSignal.timeout(patienceMs);
  const redis = new Redis({ url, token, retry: false, signal, enableTelemetry: false });
  const circuit = new Circuit("backlog_unavailable");
  const { host } = new URL(GPU_URL);
  const [hash, pace] = [`backlog:${host}`, `pace:${host}`];
  let latest: Backlog | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  return {
    get latest() {
      return latest;
    },

    // a value is shared between requests, a promise must not be: it belongs to the request that made it
    async read(now = Date.now()) {
      if (now - askedAt < FRESH_MS) return latest;
      askedAt = now;
      latest = await circuit.attempt(async () => {
        const commands = redis.pipeline().hgetall<Record<string, unknown>>(hash).get<unknown>(pace);
        const [shares, ms] = await commands.exec<[Record<string, unknown> | null, unknown]>();
        return { credits: openCredits(shares ?? {}, now), msPerCredit: positive(ms) };
      });
      return latest;
    },

    async write(account, { credits, until }, msPerCredit) {
      const commands = redis.pipeline();
      if (credits > 0) commands.hset(hash, { [account]: `${credits}:${until}` });
      else commands.hdel(hash, account);
      commands.expire(hash, HASH_SECONDS);
      if (msPerCredit !== null) commands.set(pace, msPerCredit, { ex: PACE_SECONDS });
      return (await circuit.attempt(() => commands.exec())) !== null;
    },
  };
}

function openCredits(shares: Record<string, unknown>, now: number): Map<Id<"acct">, number> {
  const credits = new Map<Id<"acct">, number>();
  for (const [account, share] of Object.entries(shares)) {
    const [open, until] = String(share).split(":").map(Number);
    if (isId("acct", account) && open && until && now < until) credits.set(account, open);
  }
  return credits;
}

function positive(value: unknown): number | null {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : null;
}
