import { base64url, EncryptJWT, errors, jwtDecrypt } from "jose";
import { encryptionKeys, type SigningSecrets } from "../../../shared/signing.ts";
import { type Claims, claimsSchema } from "./claims.ts";

/**
 * Tokens are JWTs encrypted with AES-256-GCM under a dedicated derived key (RFC 7516, `dir` and `A256GCM`): a URL
 * reveals neither account nor prompt, and the tag covers every byte.
 */
const HEADER = { alg: "dir", enc: "A256GCM" } as const;

/** Longest token accepted, in characters: a render with 500 letters of three bytes each stays well below it. */
const LENGTH_MAX = 4_096;

/** A token under the current secret; its header names the key. */
export async function sealToken(secrets: SigningSecrets, { exp, ...claims }: Claims): Promise<string> {
  const [current] = await encryptionKeys(secrets, "token");
  if (current === undefined) throw new Error("no signing secret");
  return new EncryptJWT(claims)
    .setProtectedHeader({ ...HEADER, kid: current.id })
    .setExpirationTime(exp)
    .encrypt(current.key);
}

export type OpenedToken =
  | { readonly state: "open"; readonly claims: Claims }
  | { readonly state: "expired" }
  /** Not ours, altered, or under a removed secret: no further reason is given. */
  | { readonly state: "invalid" };

/** Opens a token sealed by any valid secret. @param now Unix time in milliseconds */
export async function openToken(secrets: SigningSecrets, token: string, now: number): Promise<OpenedToken> {
  if (token.length > LENGTH_MAX || !isCanonical(token)) return { state: "invalid" };
  const keys = await encryptionKeys(secrets, "token");
  try {
    const { payload } = await jwtDecrypt(
      token,
      ({ kid }) => {
        const named = keys.find(({ id }) => id === kid);
        if (named === undefined) throw new errors.JWEDecryptionFailed();
        return named.key;
      },
      {
        keyManagementAlgorithms: [HEADER.alg],
        contentEncryptionAlgorithms: [HEADER.enc],
        requiredClaims: ["exp"],
        currentDate: new Date(now),
      },
    );
    const claims = claimsSchema.safeParse(payload);
    return claims.success ? { state: "open", claims: claims.data } : { state: "invalid" };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { state: "expired" };
    if (error instanceof errors.JOSEError) return { state: "invalid" };
    throw error;
  }
}

/**
 * Whether a token is in canonical form. Base64url leaves up to four bits of a part's last character unused, and
 * decoders ignore them: without this check several spellings would open as one token.
 */
function isCanonical(token: string): boolean {
  const parts = token.split(".");
  if (parts.length !== 5 || !/^[\w.-]+$/.test(token)) return false;
  return parts.every((part) => part.length % 4 !== 1 && base64url.encode(base64url.decode(part)) === part);
}
