import { type KeyLimit, type OwnEdits, type Quota, WINDOW_SECONDS } from "../contract/limits.ts";
import { SlidingWindows } from "./sliding-windows.ts";

/** Requests and edits per minute. */
export type Limits = Readonly<Record<KeyLimit, number>>;

/**
 * Request rates of one account's keys and tokens, each by itself and all together. A request counts for the account
 * once its own credential is within its limit, and stops counting if it is refused: an attacker with one credential
 * uses up only that one. Edits count for the account when they are accepted. Kept in memory: an object that was evicted
 * starts from zero, and it had no request for longer than the window.
 */
export class Rates {
  readonly #windows = new SlidingWindows(WINDOW_SECONDS * 1000);
  readonly #account: () => Limits;

  /** @param account limits of the whole account */
  constructor(account: () => Limits) {
    this.#account = account;
  }

  /**
   * Counts one request of a key or token, and for the account if it passes.
   * @param allowed whether its scope lets it pass
   */
  request(who: string, limits: Limits, names: readonly KeyLimit[], allowed: boolean, now: number): Quota[] {
    const own = names.map((name) => this.#take(`${name} ${who}`, name, limits[name], 1, now));
    const passes = allowed && own.every(({ allowed }) => allowed);
    const together = names.map((name) =>
      this.#take(name, `account-${name}`, this.#account()[name], passes && name === "requests" ? 1 : 0, now),
    );
    return [...own, ...together];
  }

  /**
   * A request that was counted for the account at `at` was refused after all. It leaves no other window: slow refusals
   * would otherwise make room for more than the limit.
   */
  giveBack(at: number, now: number): void {
    this.#windows.giveBack("requests", at, now);
  }

  /**
   * Counts edits that are accepted now: all of them for the account, those of `own` for a key or token. Null, or the
   * limit that they exceed, and then none is counted.
   */
  edits(count: number, own: OwnEdits | undefined, now: number): Quota | null {
    const account = this.#account().edits;
    const together = this.#take("edits", "account-edits", account, count, now);
    if (!together.allowed || own === undefined) return together.allowed ? null : together;
    const alone = this.#take(`edits ${own.who}`, "edits", own.limit, own.edits, now);
    if (alone.allowed) return null;
    this.#windows.take("edits", Number.POSITIVE_INFINITY, -count, now);
    return alone;
  }

  #take(key: string, name: Quota["name"], limit: number, count: number, now: number): Quota {
    const used = this.#windows.take(key, limit, count, now);
    const allowed = used + (count === 0 ? 1 : 0) <= limit;
    const remaining = Math.max(0, Math.floor(limit - used));
    return { name, limit, remaining, resetSeconds: this.#windows.resetSeconds(now), allowed };
  }
}
