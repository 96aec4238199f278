/**
 * Signed URLs: an HMAC-SHA256 over what the URL allows, with a key derived for this one purpose. Two root secrets can
 * be valid at a time, so that keys rotate without breaking earlier signatures.
 */

/** Root secrets; the first one signs. */
export type SigningSecrets = readonly [current: string, ...previous: string[]];

export type SigningPurpose = "file" | "api-key" | "tenant" | "mask-cache" | "cursor" | "token";

/** Web Crypto's key type, under the name that every runtime's types agree on. */
type DerivedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const encoder = new TextEncoder();
const keys = new Map<string, Promise<DerivedKey>>();

/** HMAC key for one purpose, by HKDF-SHA256 (RFC 5869) from a root secret of at least 32 characters. */
function keyFor(secret: string, purpose: SigningPurpose): Promise<DerivedKey> {
  const name = `${purpose}\0${secret}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const derived = deriveKey(secret, purpose);
  keys.set(name, derived);
  return derived;
}

function deriveKey(secret: string, purpose: SigningPurpose): Promise<DerivedKey> {
  return derive(secret, purpose, { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]);
}

async function derive(
  secret: string,
  info: string,
  algorithm: { name: "HMAC"; hash: string; length: number } | { name: "AES-GCM"; length: number },
  usages: ("sign" | "verify" | "encrypt" | "decrypt")[],
): Promise<DerivedKey> {
  const root = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoder.encode(info) },
    root,
    algorithm,
    false,
    usages,
  );
}

/** An encryption key, and the name by which a token says which of two valid keys it needs. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: DerivedKey;
}

/** AES-256-GCM keys for one purpose, the current first, each with its public name (8 hex digits). */
export function encryptionKeys(
  secrets: SigningSecrets,
  purpose: SigningPurpose,
): Promise<readonly EncryptionKey[]> {
  return Promise.all(
    secrets.map(async (secret) => ({
      id: (await sign([secret], purpose, "key id")).slice(0, 8),
      key: await cipherFor(secret, purpose),
    })),
  );
}

/** Separate from the HMAC key of the same purpose: no key serves two algorithms. */
function cipherFor(secret: string, purpose: SigningPurpose): Promise<DerivedKey> {
  const name = `A256GCM\0${purpose}\0${secret}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const derived = derive(secret, `${purpose} A256GCM`, { name: "AES-GCM", length: 256 }, [
    "encrypt",
    "decrypt",
  ]);
  keys.set(name, derived);
  return derived;
}

/** HMAC of a message under the current secret, in lower-case hex (64 characters). */
export async function sign(
  secrets: SigningSecrets,
  purpose: SigningPurpose,
  message: string,
): Promise<string> {
  const key = await keyFor(secrets[0], purpose);
  return toHex(await crypto.subtle.sign("HMAC", key, encoder.encode(message)));
}

/** Whether a signature is valid for this message under any valid secret; compared in constant time. */
export async function verify(
  secrets: SigningSecrets,
  purpose: SigningPurpose,
  message: string,
  signature: string,
): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(signature)) return false;
  const bytes = fromHex(signature);
  const answers = await Promise.all(
    secrets.map(async (secret) =>
      crypto.subtle.verify("HMAC", await keyFor(secret, purpose), bytes, encoder.encode(message)),
    ),
  );
  return answers.includes(true);
}

/** SHA-256 in lower-case hex. */
export async function sha256(bytes: Uint8Array | string): Promise<string> {
  const data = typeof bytes === "string" ? encoder.encode(bytes) : bytes;
  return toHex(await crypto.subtle.digest("SHA-256", data as Uint8Array<ArrayBuffer>));
}

/** What a file URL allows: one method on one object until a given time. */
export interface FileGrant {
  readonly method: "GET" | "PUT";
  /** Storage key, `acct_…/…`; never shown decoded to other accounts. */
  readonly key: string;
  /** Unix time in seconds after which the URL is refused. */
  readonly expires: number;
  /** PUT: maximum size of the body in bytes. */
  readonly maxBytes?: number;
}

const fileMessage = ({ method, key, expires, maxBytes = 0 }: FileGrant) =>
  `${method}\n${key}\n${expires}\n${maxBytes}`;

/** The URL of a file on the worker at `origin`: `/v1/files/KEY?expires=…&signature=…`. */
export async function signFileUrl(
  secrets: SigningSecrets,
  origin: string,
  grant: FileGrant,
): Promise<string> {
  const url = new URL(`/v1/files/${grant.key.split("/").map(encodeURIComponent).join("/")}`, origin);
  url.searchParams.set("expires", String(grant.expires));
  if (grant.maxBytes !== undefined) url.searchParams.set("max_bytes", String(grant.maxBytes));
  url.searchParams.set("signature", await sign(secrets, "file", fileMessage(grant)));
  return url.href;
}

/** Whether a signature grants this, now (Unix time in seconds). */
export async function verifyFile(
  secrets: SigningSecrets,
  grant: FileGrant,
  signature: string,
  now: number,
): Promise<boolean> {
  return (await verify(secrets, "file", fileMessage(grant), signature)) && now < grant.expires;
}

/** Each byte in hex: every request signs, verifies and hashes. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function toHex(buffer: ArrayBuffer): string {
  return new Uint8Array(buffer).reduce((hex, byte) => hex + HEX[byte], "");
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
