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
  /** Milliseconds of a GPU for the work of one credit; null if no edit has ended yet. */
  readonly msPerCredit: number | null;
}

/**
 * The backlog in Upstash: a hash with a field an account, and one for how long a credit's work took lately; a change is
 * one command, and so is reading it all. Each account
 * writes its own field whole, so that nothing adds up what was written twice or lost; an entry counts no longer than
 * its edits can live. Accounts' own tables are the truth, this is a copy that may be late or gone.
 */
export interface BacklogStore {
  /** What was read last. */
  readonly latest: Backlog | null;
  /** At most three seconds old, a little more while another request reads it anew; null if it is not known. */
  read(now?: number): Promise<Backlog | null>;
  /** Whether it was written. */
  write(account: Id<"acct">, share: Share, msPerCredit: number | null): Promise<boolean>;
}

/** Longest that a request waits for the backlog, in milliseconds. */
const PATIENCE_MS = 300;

/** How old a backlog may be that a request is judged by. */
const FRESH_MS = 3_000;

/** The hash's field with the pace, beside those of the accounts. */
const PACE = "pace";

const opened = new WeakMap<Settings, BacklogStore | null>();

/** The backlog in front of this deployment's GPUs, or null if no Upstash is configured. */
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
  const hash = `backlog:${host}`;
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
        const { [PACE]: pace, ...shares } = (await redis.hgetall<Record<string, unknown>>(hash)) ?? {};
        const { credits, lapsed } = openCredits(shares, now);
        // left by objects that died: once they are gone nobody reads them again
        if (lapsed.length > 0) await redis.hdel(hash, ...lapsed);
        return { credits, msPerCredit: positive(pace) };
      });
      return latest;
    },

    async write(account, { credits, until }, msPerCredit) {
      const fields: Record<string, string | number> = { [account]: `${credits}:${until}` };
      if (msPerCredit !== null) fields[PACE] = msPerCredit;
      const written = await circuit.attempt(() =>
        credits > 0 ? redis.hset(hash, fields) : redis.hdel(hash, account),
      );
      return written !== null;
    },
  };
}

/** Shares that count, and the fields of those that do no more. */
function openCredits(shares: Record<string, unknown>, now: number) {
  const credits = new Map<Id<"acct">, number>();
  const lapsed: string[] = [];
  for (const [account, share] of Object.entries(shares)) {
    const [open, until] = String(share).split(":").map(Number);
    if (isId("acct", account) && open && until && now < until) credits.set(account, open);
    else lapsed.push(account);
  }
  return { credits, lapsed };
}

function positive(value: unknown): number | null {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : null;
}
