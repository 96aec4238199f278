import fc from "fast-check";
import { expect, test } from "vitest";
import { type FileGrant, sha256, sign, signFileUrl, verify, verifyFile } from "./signing.ts";

const SECRETS = ["the-current-secret-of-32-characters!"] as const;
const OLD = "the-previous-secret-of-32-characters";
const grant: FileGrant = { method: "GET", key: "acct_1/images/img_2", expires: 2_000 };

async function signatureOf(of: FileGrant, secrets: readonly [string, ...string[]] = SECRETS) {
  const url = new URL(await signFileUrl(secrets, "https://edge.test", of));
  return { url, signature: url.searchParams.get("signature") ?? "" };
}

test("a signed file URL carries the object, its expiry and a signature", async () => {
  const { url, signature } = await signatureOf(grant);
  expect(url.pathname).toBe("/v1/files/acct_1/images/img_2");
  expect(url.searchParams.get("expires")).toBe("2000");
  expect(await verifyFile(SECRETS, grant, signature, 1_999)).toBe(true);
});

test("a signed URL expires on time", async () => {
  const { signature } = await signatureOf(grant);
  expect(await verifyFile(SECRETS, grant, signature, 2_000)).toBe(false);
});

test.each<[string, FileGrant]>([
  ["another method", { ...grant, method: "PUT" }],
  ["another object", { ...grant, key: "acct_1/images/img_3" }],
  ["a later end", { ...grant, expires: 3_000 }],
  ["a larger body", { ...grant, maxBytes: 10 }],
])("it does not grant %s", async (_, other) => {
  const { signature } = await signatureOf(grant);
  expect(await verifyFile(SECRETS, other, signature, 1_000)).toBe(false);
});

test("any changed character of a signature is refused", async () => {
  const signature = await sign(SECRETS, "file", "message");
  await fc.assert(
    fc.asyncProperty(fc.nat(63), fc.nat(15), async (at, digit) => {
      const other = signature.slice(0, at) + digit.toString(16) + signature.slice(at + 1);
      expect(await verify(SECRETS, "file", "message", other)).toBe(other === signature);
    }),
  );
  expect(await verify(SECRETS, "file", "message", "")).toBe(false);
  expect(await verify(SECRETS, "file", "message", `${signature}00`)).toBe(false);
});

test("signatures of the previous secret stay valid while keys rotate, and no longer", async () => {
  const { signature } = await signatureOf(grant, [OLD]);
  expect(await verifyFile([SECRETS[0], OLD], grant, signature, 1_000)).toBe(true);
  expect(await verifyFile(SECRETS, grant, signature, 1_000)).toBe(false);
});

test("a signature for one purpose is invalid for another", async () => {
  const signature = await sign(SECRETS, "file", "message");
  expect(await verify(SECRETS, "token", "message", signature)).toBe(false);
});

// FIPS 180-4's first example message
test("SHA-256 in hex", async () => {
  expect(await sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
