import fc from "fast-check";
import { expect, test } from "vitest";
import { newId, randomSymbols } from "../../../shared/ids.ts";
import type { SigningSecrets } from "../../../shared/signing.ts";
import type { Claims } from "./claims.ts";
import { openToken, sealToken } from "./token.ts";

const SECRETS: SigningSecrets = ["the-current-secret-of-32-characters!"];
const NOW = Date.UTC(2026, 10, 24);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %é";

const common = () => ({
  sub: newId("acct"),
  key: newId("key"),
  jti: randomSymbols(),
  exp: NOW / 1000 + 60,
});

const claims = fc.oneof(
  fc
    .record({ max: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }) })
    .map(({ max }): Claims => ({ act: "upload", ...common(), ...(max === undefined ? {} : { max }) })),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .map((prompt): Claims => ({ act: "render", ...common(), img: newId("img"), prompt, pre: "paper" })),
);

test("what is sealed opens unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(claims, async (sealed) => {
      const opened = await openToken(SECRETS, await sealToken(SECRETS, sealed), NOW);
      expect(opened).toEqual({ state: "open", claims: sealed });
    }),
    { numRuns: 50 },
  );
});

test("any changed, missing or added character is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      claims,
      fc.nat(),
      fc.nat(ALPHABET.length - 1),
      fc.constantFrom("change", "add", "remove"),
      async (sealed, place, letter, how) => {
        const token = await sealToken(SECRETS, sealed);
        const at = place % token.length;
        const put = how === "remove" ? "" : ALPHABET.charAt(letter);
        const other = token.slice(0, at) + put + token.slice(how === "add" ? at : at + 1);
        fc.pre(other !== token);
        expect(await openToken(SECRETS, other, NOW)).toEqual({ state: "invalid" });
      },
    ),
    { numRuns: 500 },
  );
});

test("every character of a token matters, even its last ones with unused bits", async () => {
  const token = await sealToken(SECRETS, { act: "upload", ...common() });
  for (let at = 0; at < token.length; at++) {
    for (const letter of "AQgwBZz-_9.") {
      if (token[at] === letter) continue;
      const other = token.slice(0, at) + letter + token.slice(at + 1);
      expect(await openToken(SECRETS, other, NOW), `character ${at}`).toEqual({ state: "invalid" });
    }
  }
});

test("arbitrary text is refused without a crash", async () => {
  const part = fc.stringMatching(/^[\w-]{0,40}$/);
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { minLength: 4, maxLength: 6 }).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(text, async (token) => {
      expect(await openToken(SECRETS, token, NOW)).toEqual({ state: "invalid" });
    }),
  );
});
