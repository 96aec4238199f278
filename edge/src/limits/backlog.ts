import { Redis } from "@upstash/redis/cloudflare";
import { type Id, isId } from "../../../shared/ids.ts";
import type { Settings } from "../env.ts";
import { Circuit } from "../upstash/circuit.ts";

/**
 * The total cost of an account's unfinished edits, valid until the last of them must have ended (Unix milliseconds).
 */
export interface Share {
  readonly credits: number;
  readonly until: number;
}

/** The unfinished edits of all accounts. Credits measure work: a price is proportional to evaluations and pixels. */
export interface Backlog {
  readonly credits: ReadonlyMap<Id<"acct">, number>;
  /** GPU milliseconds per credit; null if no edit has ended yet. */
  readonly msPerCredit: number | null;
}

/**
 * The backlog in Upstash: a hash with one field per account and one for the recent pace; a change is one command, and
 * so is a read of everything. Each account overwrites its own field, so that repeated or lost writes never add up; an
 * entry counts no longer than its edits can live. The accounts' own tables are authoritative; this copy may be late or
 * missing.
 */
export interface BacklogStore {
  /** The last value read. */
  readonly latest: Backlog | null;
  /** At most three seconds old, slightly more while another request refreshes it; null if unknown. */
  read(now?: number): Promise<Backlog | null>;
  /** Whether it was written. */
  write(account: Id<"acct">, share: Share, msPerCredit: number | null): Promise<boolean>;
}

/** Maximum time that a request waits for the backlog, in milliseconds. */
const PATIENCE_MS = 300;

/** Maximum age of a backlog that decides about a request. */
const FRESH_MS = 3_000;

/** The hash's field for the pace, beside those of the accounts. */
const PACE = "pace";

const opened = new WeakMap<Settings, BacklogStore | null>();

/** The backlog of this deployment's GPUs, or null if no Upstash is configured. */
export function backlogOf(settings: Settings): BacklogStore | null {
  const known = opened.get(settings);
  if (known !== undefined) return known;
  const store = openBacklog(settings);
  opened.set(settings, store);
  return store;
}

/** @param patienceMs maximum duration of a command */
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

    // a value may be shared between requests, a promise must not: it belongs to the request that made it
    async read(now = Date.now()) {
      if (now - askedAt < FRESH_MS) return latest;
      askedAt = now;
      latest = await circuit.attempt(async () => {
        const { [PACE]: pace, ...shares } = (await redis.hgetall<Record<string, unknown>>(hash)) ?? {};
        const { credits, lapsed } = openCredits(shares, now);
        // left by objects that died: once deleted they are not read again
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

/** Shares that count, and the fields of expired ones. */
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
