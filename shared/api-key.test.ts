import { expect, test } from "vitest";
import { newApiKey, readApiKey, sameText } from "./api-key.ts";
import { newId } from "./ids.ts";
import { type SigningSecrets, sha256 } from "./signing.ts";

const OLD = "the root secret of last year, 32+";
const NEW = "the root secret of this year, 32+";
const secrets: SigningSecrets = [NEW];
const [account, id] = [newId("acct"), newId("key")];

test("a key yields its account, its id and the hash of its secret", async () => {
  const { text, key } = await newApiKey(secrets, account, id);
  expect(text).toMatch(/^sk_[0-9a-z]{26}_[0-9a-z]{26}_[0-9a-z]{26}_[0-9a-f]{32}$/);
  expect(await readApiKey(secrets, text)).toEqual(key);
  expect(key).toEqual({ account, id, secretSha256: await sha256(text.split("_")[3] ?? "") });
});

test("two keys with the same ids have different secrets", async () => {
  const [first, second] = await Promise.all([1, 2].map(() => newApiKey(secrets, account, id)));
  expect(first?.key.secretSha256).not.toBe(second?.key.secretSha256);
});

test("keys of the previous root secret stay valid while it is kept, and no longer", async () => {
  const { text, key } = await newApiKey([OLD], account, id);
  expect(await readApiKey([NEW, OLD], text)).toEqual(key);
  expect(await readApiKey([NEW], text)).toBeNull();
});

test("any changed symbol of the ids or the MAC is refused; the secret is left to the account", async () => {
  const { text, key } = await newApiKey(secrets, account, id);
  const [ids, macStart] = ["sk_".length + 26 + 1 + 26, text.length - 32];
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === "0" ? "1" : "0";
    const read = await readApiKey(secrets, text.slice(0, at) + other + text.slice(at + 1));
    const inSecret = at > ids && at < macStart - 1;
    if (inSecret) expect(read?.secretSha256).not.toBe(key.secretSha256);
    else expect(read, `symbol ${at}`).toBeNull();
  }
});

test("text that is not a key is refused", async () => {
  for (const text of ["", "sk_", "sk_test_123", `sk_${"0".repeat(200)}`])
    expect(await readApiKey(secrets, text)).toBeNull();
});

test("texts are equal only as a whole", () => {
  expect(sameText("abc", "abc")).toBe(true);
  for (const other of ["", "ab", "abd", "abca", "abcabc"]) expect(sameText("abc", other)).toBe(false);
  expect(sameText("", "a")).toBe(false);
});
