import { type Id, isId, randomSymbols } from "./ids.ts";
import { type SigningSecrets, sha256, sign } from "./signing.ts";

/**
 * Secret keys: `sk_ACCT_KEY_SECRET_MAC`. The two ids (without their prefixes) locate the key; the MAC proves that we
 * issued the pair, so that a guessed key never reaches an account's object; the secret is 130 random bits, of which
 * only the SHA-256 is stored.
 */

/** Hex digits of the MAC: 128 bits. */
const MAC_LENGTH = 32;

const KEY = /^sk_([0-9a-hjkmnp-tv-z]{26})_([0-9a-hjkmnp-tv-z]{26})_([0-9a-hjkmnp-tv-z]{26})_([0-9a-f]{32})$/;

export interface ApiKey {
  readonly account: Id<"acct">;
  readonly id: Id<"key">;
  /** SHA-256 of the secret part, lower-case hex. */
  readonly secretSha256: string;
}

async function macOf(secrets: SigningSecrets, account: string, key: string): Promise<string> {
  return (await sign(secrets, "api-key", `${account}_${key}`)).slice(0, MAC_LENGTH);
}

/** A new secret key for an account, which is shown once, and the part to store. */
export async function newApiKey(
  secrets: SigningSecrets,
  account: Id<"acct">,
  id: Id<"key">,
): Promise<{ text: string; key: ApiKey }> {
  const [acct, key, secret] = [account.slice("acct_".length), id.slice("key_".length), randomSymbols()];
  const [mac, secretSha256] = await Promise.all([macOf(secrets, acct, key), sha256(secret)]);
  return { text: `sk_${acct}_${key}_${secret}_${mac}`, key: { account, id, secretSha256 } };
}

/**
 * Parses a secret key; null if it is malformed or its MAC is not ours under any valid root secret. The account's object
 * decides whether the secret part is right.
 */
export async function readApiKey(secrets: SigningSecrets, text: string): Promise<ApiKey | null> {
  const [, acct = "", key = "", secret = "", mac = ""] = KEY.exec(text) ?? [];
  const [account, id] = [`acct_${acct}`, `key_${key}`];
  if (!isId("acct", account) || !isId("key", id)) return null;
  const [secretSha256, ...macs] = await Promise.all([
    sha256(secret),
    ...secrets.map((root) => macOf([root], acct, key)),
  ]);
  const known = macs.map((expected) => sameText(expected, mac));
  return known.includes(true) ? { account, id, secretSha256 } : null;
}

/** Whether two texts are equal, in a time that depends only on their lengths. */
export function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}
