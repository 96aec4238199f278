import { CompactEncrypt, EncryptJWT } from "jose";
import { expect, test } from "vitest";
import { newId, randomSymbols } from "../../../shared/ids.ts";
import { encryptionKeys, type SigningPurpose, type SigningSecrets } from "../../../shared/signing.ts";
import type { ClaimsOf } from "./claims.ts";
import { openToken, sealToken } from "./token.ts";

const CURRENT = "the-current-secret-of-32-characters!";
const OLD = "the-previous-secret-of-32-characters";
const SECRETS: SigningSecrets = [CURRENT];
const NOW = Date.UTC(2026, 10, 24);
const render: ClaimsOf<"render"> = {
  act: "render",
  sub: newId("acct"),
  key: newId("key"),
  jti: randomSymbols(),
  exp: NOW / 1000 + 60,
  img: newId("img"),
  prompt: "a woman wearing glasses",
  pre: "paper",
};
const { exp, ...claims } = render;

async function keyFor(purpose: SigningPurpose) {
  const [first] = await encryptionKeys(SECRETS, purpose);
  if (first === undefined) throw new Error("no key");
  return first;
}

test("a token reveals neither its prompt nor its account, and fits a URL", async () => {
  const token = await sealToken(SECRETS, render);
  const shown = token.split(".").map((part) => atob(part.replaceAll("-", "+").replaceAll("_", "/")));
  expect(JSON.parse(shown[0] ?? "")).toEqual({ alg: "dir", enc: "A256GCM", kid: (await keyFor("token")).id });
  for (const hidden of ["woman", "glasses", render.sub, render.img])
    expect(shown.join()).not.toContain(hidden);
  expect(encodeURIComponent(token)).toBe(token);
  expect(token.length).toBeLessThan(600);
});

test("two tokens with the same claims differ", async () => {
  expect(await sealToken(SECRETS, render)).not.toBe(await sealToken(SECRETS, render));
});

test("rejects an expired token, to the second", async () => {
  const token = await sealToken(SECRETS, render);
  expect(await openToken(SECRETS, token, exp * 1000 - 1)).toMatchObject({ state: "open" });
  expect(await openToken(SECRETS, token, exp * 1000)).toEqual({ state: "expired" });
});

test("tokens of the previous secret open during a rotation, and no longer", async () => {
  const token = await sealToken([OLD], render);
  expect(await openToken([CURRENT, OLD], token, NOW)).toMatchObject({ state: "open" });
  expect(await openToken([CURRENT], token, NOW)).toEqual({ state: "invalid" });
  const renewed = await sealToken([CURRENT, OLD], render);
  expect(await openToken([CURRENT], renewed, NOW)).toMatchObject({ state: "open" });
});

test("a key for another purpose cannot seal a token, whatever its header says", async () => {
  const { key } = await keyFor("file");
  const { id } = await keyFor("token");
  const token = await new EncryptJWT(claims)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: id })
    .setExpirationTime(exp)
    .encrypt(key);
  expect(await openToken(SECRETS, token, NOW)).toEqual({ state: "invalid" });
});

test.each<[string, Record<string, unknown>]>([
  ["without an end", claims],
  ["of an unknown action", { ...render, act: "admin" }],
  ["that says more than it may", { ...render, scopes: ["admin"] }],
  ["without an account", { ...render, sub: undefined }],
])("a sealed token %s opens nothing", async (_, said) => {
  const { id, key } = await keyFor("token");
  const token = await new EncryptJWT(said)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: id })
    .encrypt(key);
  expect(await openToken(SECRETS, token, NOW)).toEqual({ state: "invalid" });
});

test.each([
  ["no key id", {}],
  ["an unknown key id", { kid: "00000000" }],
])("a header with %s is refused", async (_, header) => {
  const { key } = await keyFor("token");
  const token = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(render)))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", ...header })
    .encrypt(key);
  expect(await openToken(SECRETS, token, NOW)).toEqual({ state: "invalid" });
});

test("a token longer than any URL is not even parsed", async () => {
  const token = await sealToken(SECRETS, { ...render, prompt: "a".repeat(4_096) });
  expect(await openToken(SECRETS, token, NOW)).toEqual({ state: "invalid" });
});
