import { type Id, isId } from "../../../shared/ids.ts";

/**
 * Which account a key belongs to: a key's id alone does not say, and each account keeps its own keys. An empty object
 * in R2 named after the key carries the account's id. It lies outside of the accounts' folders, which expire.
 */
const entryOf = (key: Id<"key">) => `keys/${key}`;

/** Notes a key's account. */
export async function enterKey(bucket: R2Bucket, key: Id<"key">, account: Id<"acct">): Promise<void> {
  await bucket.put(entryOf(key), "", { customMetadata: { account } });
}

/** The account of a key, or null if the key was never made. */
export async function accountOfKey(bucket: R2Bucket, key: Id<"key">): Promise<Id<"acct"> | null> {
  const entry = await bucket.head(entryOf(key));
  const account = entry?.customMetadata?.account ?? "";
  return isId("acct", account) ? account : null;
}
