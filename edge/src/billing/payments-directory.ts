import { z } from "zod";
import { type Id, isId } from "../../../shared/ids.ts";
import type { Reversal } from "../account/contract/keys.ts";

/**
 * The account that a payment went to: refunds and disputes carry only the payment. An empty object in R2, named after
 * the payment, holds the account's id. It lies outside the accounts' folders, which expire.
 */
const entryOf = (payment: string) => `payments/${payment}`;

/** Refunds and disputes of a payment that arrived before it: each reported state is an object of its own. */
const earlyOf = (payment: string) => `${entryOf(payment)}/early/`;

/** Records a payment's account. */
export async function enterPayment(bucket: R2Bucket, payment: string, account: Id<"acct">): Promise<void> {
  await bucket.put(entryOf(payment), "", { customMetadata: { account } });
}

/** The account of a payment, or null if it bought no credits here. */
export async function accountOfPayment(bucket: R2Bucket, payment: string): Promise<Id<"acct"> | null> {
  const entry = await bucket.head(entryOf(payment));
  const account = entry?.customMetadata?.account ?? "";
  return isId("acct", account) ? account : null;
}

/** Keeps a reversal until its payment arrives, which for a payment of something else is never. */
export async function enterEarly(bucket: R2Bucket, { payment, ...reversal }: Reversal): Promise<void> {
  const name = `${earlyOf(payment)}${reversal.id}/${reversal.reportedAt}`;
  await bucket.put(name, "", { customMetadata: { reversal: JSON.stringify(reversal) } });
}

const reversalSchema = z.object({
  id: z.string(),
  share: z.number(),
  reason: z.string(),
  reportedAt: z.number(),
});

/** The reversals of a payment that were kept for it. */
export async function earlyReversals(bucket: R2Bucket, payment: string): Promise<Reversal[]> {
  const { objects } = await bucket.list({ prefix: earlyOf(payment), include: ["customMetadata"] });
  return objects.map(({ customMetadata }) => ({
    ...reversalSchema.parse(JSON.parse(customMetadata?.reversal ?? "")),
    payment,
  }));
}
