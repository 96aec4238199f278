import { type Id, isId } from "../../../shared/ids.ts";

/**
 * The account that a payment went to: refunds and disputes carry only the payment. An empty object in R2, named after
 * the payment, holds the account's id. It lies outside the accounts' folders, which expire.
 */
const entryOf = (payment: string) => `payments/${payment}`;

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
