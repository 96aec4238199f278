import { z } from "zod";

/** Crockford's base 32 in lower case: no letter resembles another, and a double click selects the whole id. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** 26 symbols of 5 bits: 130 bits. */
const LENGTH = 26;

export const ID_PREFIXES = ["acct", "key", "img", "edit", "evt"] as const;

export type IdPrefix = (typeof ID_PREFIXES)[number];

export type Id<P extends IdPrefix> = `${P}_${string}`;

/** 26 symbols from 26 bytes, 5 bits of each. */
export function symbols(bytes: Uint8Array): string {
  return bytes.subarray(0, LENGTH).reduce((text, byte) => text + ALPHABET[byte & 31], "");
}

/** 130 random bits as 26 symbols. */
export function randomSymbols(): string {
  return symbols(crypto.getRandomValues(new Uint8Array(LENGTH)));
}

/** A new id: the prefix of its type and 130 random bits. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return `${prefix}_${randomSymbols()}`;
}

/** A well-formed id of one type. A malformed id counts as unknown: routes answer both with 404. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1));
}

export const idSchema = <P extends IdPrefix>(prefix: P) =>
  z
    .custom<Id<P>>((value) => typeof value === "string" && isId(prefix, value), `not an ${prefix}_… id`)
    .meta({ type: "string", pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$` });
