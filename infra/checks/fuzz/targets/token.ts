import fc from "fast-check";
import { base64url, EncryptJWT } from "jose";
import type { Claims } from "../../../../edge/src/tokens/claims.ts";
import { openToken, sealToken } from "../../../../edge/src/tokens/token.ts";
import { encryptionKeys, type SigningSecrets } from "../../../../shared/signing.ts";
import { nested } from "../json.ts";
import { sample } from "../sample.ts";
import { must, type Target } from "../target.ts";

const SECRETS: SigningSecrets = ["the-current-secret-of-32-characters!"];
const NOW = Date.UTC(2026, 10, 25);
const SYMBOLS = "01hxq7zm4w9v8k2c5t3r6n0pbd";

const claims: Claims = {
  act: "render",
  sub: `acct_${SYMBOLS}`,
  key: `key_${SYMBOLS}`,
  jti: SYMBOLS,
  exp: NOW / 1000 + 60,
  img: `img_${SYMBOLS}`,
  prompt: "a woman wearing glasses",
  pre: "paper",
};

const sealed = await sealToken(SECRETS, claims);
const [current] = await encryptionKeys(SECRETS, "token");
if (current === undefined) throw new Error("no key");
const { id: kid, key } = current;

/** Characters of base64url, and some others. */
const letter = fc.constantFrom(...Array.from("ABCQgwxyz0189-_.=+/ %\n\0é"));

/** Last letters of the token's parts: some of their bits say nothing, and decoders pass over them. */
const ENDS = [...sealed.matchAll(/\.|$/g)].map(({ index }) => index - 1);

/** The token with some letters changed, added or left out. */
const respelled = fc
  .array(
    fc.tuple(fc.oneof(fc.nat(), fc.constantFrom(...ENDS)), letter, fc.constantFrom("change", "add", "leave")),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((edits) =>
    edits.reduce((text, [place, put, how]) => {
      const at = place % text.length;
      return text.slice(0, at) + (how === "leave" ? "" : put) + text.slice(how === "add" ? at : at + 1);
    }, sealed),
  );

const part = fc.oneof(
  fc.constantFrom(...sealed.split(".")),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => base64url.encode(bytes)),
  fc.stringMatching(/^[\w-]{0,40}$/),
);

const header = fc
  .oneof(
    fc
      .record(
        {
          alg: fc.constantFrom<unknown>(
            "dir",
            "none",
            "A256KW",
            "RSA-OAEP",
            "PBES2-HS256+A128KW",
            "ECDH-ES",
            1,
            null,
          ),
          enc: fc.constantFrom<unknown>("A256GCM", "A128GCM", "A256CBC-HS512", "x", {}),
          kid: fc.oneof(fc.constant<unknown>(kid), nested),
          zip: fc.constantFrom<unknown>("DEF", 1),
          crit: fc.oneof(fc.constant<unknown>(["exp"]), nested),
          p2c: nested,
          epk: nested,
          iv: nested,
        },
        { requiredKeys: ["alg", "enc", "kid"] },
      )
      .map((value) => JSON.stringify(value)),
    fc.json(),
  )
  .map((json) => base64url.encode(json));

const foreign = fc.oneof(
  fc.tuple(header, fc.constantFrom(sealed.slice(sealed.indexOf(".")))).map(([front, rest]) => front + rest),
  fc.tuple(header, part, part, part, part).map((parts) => parts.join(".")),
  fc.array(part, { maxLength: 7 }).map((parts) => parts.join(".")),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(`${sealed}${"A".repeat(5_000)}`, ".".repeat(4), ".".repeat(4_096)),
);

/** Sealed under the right key, but with claims of no token of ours. */
const strangeClaims = fc.oneof(
  fc.dictionary(fc.constantFrom("act", "sub", "exp", "nbf", "iat", "aud", "__proto__", "max"), nested, {
    maxKeys: 4,
  }),
  fc
    .tuple(fc.constantFrom(...Object.keys(claims)), nested)
    .map(([name, value]) => ({ ...claims, [name]: value })),
  fc
    .tuple(fc.constantFrom("nbf", "iat", "aud", "iss", "extra"), nested)
    .map(([name, value]) => ({ ...claims, [name]: value })),
);

const seal = (payload: Record<string, unknown>) =>
  new EncryptJWT(payload).setProtectedHeader({ alg: "dir", enc: "A256GCM", kid }).encrypt(key);

/** Tokens of strangers: none of them opens, and none throws. */
export const tokenTarget: Target = {
  name: "token",
  limitMs: 50,
  make: async (seed) => {
    const text =
      seed % 8 === 0 ? await seal(sample(strangeClaims, seed)) : sample(fc.oneof(respelled, foreign), seed);
    return new TextEncoder().encode(text);
  },
  feed: async (bytes) => {
    const token = new TextDecoder().decode(bytes);
    const opened = await openToken(SECRETS, token, NOW);
    if (opened.state !== "open") return "refused";
    // a change may have left the token, or the claims, as they were
    const { exp, ...rest } = opened.claims;
    const spelled = token.split(".").map((text) => Buffer.from(text, "base64url").toString("base64url"));
    must(spelled.join(".") === token, "a token opens in one spelling alone");
    must(Number.isInteger(exp) && exp * 1000 > NOW, "an open token has time left");
    must(
      rest.sub === claims.sub && rest.key === claims.key && rest.jti === SYMBOLS,
      "only what was sealed opens",
    );
    return "accepted";
  },
};
