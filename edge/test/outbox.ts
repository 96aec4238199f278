import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { Id } from "../../shared/ids.ts";
import type { RunResult } from "../src/account/contract/edits.ts";
import type { AccountRpc } from "../src/account/contract/rpc.ts";
import { newEdit, openAccount } from "./edits.ts";
import type { Arrival } from "./hooks.ts";

export const RESULT: RunResult = {
  mask: { key: "mask", coverage: 0.25, source: "pasl" },
  result: {
    key: "result",
    width: 64,
    height: 64,
    contentType: "image/png",
    bytes: 64,
    sha256: "0".repeat(64),
  },
  regions: [{ prompt: "a beard", coverage: 0.25 }],
  preservation: { psnr_outside_db: 40, ssim_outside: 0.99 },
  timings: { mask_ms: 1, inversion_ms: 2, edit_ms: 3, evaluations: 120 },
  cache: { mask: false, inversion: false },
  model: { id: "mini", version: "0.1.0" },
};

export interface Party {
  readonly id: Id<"acct">;
  readonly account: AccountRpc;
}

export type Ending = "succeeded" | "failed" | "canceled";

/** An edit of the account that ends with the given outcome. */
export async function ended(
  { id, account }: Party,
  ending: Ending,
  webhookUrl: string | null = null,
): Promise<Id<"edit">> {
  const edit = await newEdit(id);
  await account.createEdit({ ...edit, input: { ...edit.input, webhook_url: webhookUrl } });
  if (ending === "canceled") await account.cancelEdit(edit.id);
  else {
    const claim = await account.claim(edit.id);
    if (claim.outcome !== "claimed") throw new Error(`not claimed: ${claim.outcome}`);
    const run = { edit: edit.id, attempt: claim.attempt };
    if (ending === "succeeded") await account.succeed(run, RESULT);
    else await account.fail(run, { code: "image_rejected", detail: "not a photo", retryable: false });
  }
  return edit.id;
}

/** An account with one edit that ends with the given outcome. */
export async function partyWith(ending: Ending, webhookUrl: string | null = null) {
  const party = await openAccount();
  return { ...party, edit: await ended(party, ending, webhookUrl) };
}

/** An entry of the outbox as stored. */
export type Stored = {
  readonly id: string;
  readonly kind: string;
  readonly edit: string;
  readonly state: string;
  readonly tries: number;
  readonly next_at: number;
  readonly reason: string | null;
};

export function outboxOf(id: Id<"acct">): Promise<Stored[]> {
  return runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
    storage.sql.exec<Stored>("SELECT * FROM outbox ORDER BY rowid").toArray(),
  );
}

/** Fires the account's alarm now: everything due is sent. */
export const ring = (id: Id<"acct">) => runDurableObjectAlarm(env.ACCOUNTS.getByName(id));

/** What a receiver of `edge/test/hooks.ts` got. */
export const arrivalsAt = async (url: string) => (await fetch(url)).json<Arrival[]>();

/** Less than a receiver may stay silent: what arrives within it was not delayed by a silent one. */
const PATIENCE = { timeout: 10_000, interval: 20 };

/** Waits until an assertion about concurrent deliveries holds. */
export const eventually = <T>(claim: () => Promise<T>) => vi.waitFor(claim, PATIENCE);

/** Waits until all entries of the account have ended, except captures still in a batch. Delivered ones leave no row. */
export const settled = (id: Id<"acct">) =>
  vi.waitFor(async () => {
    const rows = await outboxOf(id);
    const gathers = ({ kind, next_at }: Stored) => kind === "meter" && next_at > Date.now();
    expect(rows.filter((row) => row.state === "pending" && !gathers(row))).toEqual([]);
    return rows;
  }, PATIENCE);
