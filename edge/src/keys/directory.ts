import { type Id, isId } from "../../../shared/ids.ts";

/**
 * The account that a key belongs to: a key's id does not contain it, and each account keeps its own keys. An empty
 * object in R2, named after the key, holds the account's id. It lies outside the accounts' folders, which expire.
 */
const entryOf = (key: Id<"key">) => `keys/${key}`;

/** Records a key's account. */
export async function enterKey(bucket: R2Bucket, key: Id<"key">, account: Id<"acct">): Promise<void> {
  await bucket.put(entryOf(key), "", { customMetadata: { account } });
}

/** The account of a key, or null if the key was never created. */
export async function accountOfKey(bucket: R2Bucket, key: Id<"key">): Promise<Id<"acct"> | null> {
  const entry = await bucket.head(entryOf(key));
  const account = entry?.customMetadata?.account ?? "";
  return isId("acct", account) ? account : null;
}
