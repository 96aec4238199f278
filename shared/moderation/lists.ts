import naughty from "naughty-words";
import type { PromptPolicy } from "./policies.ts";

/** Languages in Latin letters. What a prompt says in other scripts reaches no model as it is written. */
const LANGUAGES = ["cs", "da", "de", "es", "fi", "fil", "fr", "hu", "it", "nl", "no", "pl", "pt", "sv", "tr"];

/** Shorter words of other languages too often equal English ones, or parts of names. */
const LEAST_LETTERS = 4;

/** Listed words that a portrait prompt may well contain, or that are English words with another meaning. */
const HARMLESS = new Set(
  `ass balls bastard bastardo bbw bimbo bimbos bondage bonze bordel bordello burro butt caca comer concha corno domination
  drogas ecchi escort eunuch fava finocchio foutre franc gerbe hardcore honkey idiota inferno infierno juggs kinky
  maldito mama martillo mona mufti negro nude octopussy olla orina paal pele perse pinche pinto pipi pisser playboy poep poof
  poot regina rosette sadism scat sexuality sexy shit shitty skeet snatch snowballing spunk stake suck sucks swinger tanga
  throating tosser trio tushy twink twinkie viagra vibrator voyeur wippen heterosexual homosexual hoer bitte bander bourree
  conne conn peter nicht hard asno kimme popel poppen nude idiot boob teuch`.split(/\s+/),
);

const HARMLESS_PHRASES = new Set([
  "alaskan pipeline",
  "beaver cleaver",
  "big black",
  "blonde action",
  "blonde on blonde action",
  "blue waffle",
  "brunette action",
  "bullet vibe",
  "dvda",
  "girl on",
  "hot carl",
  "hot chick",
  "how to kill",
  "how to murder",
  "huge fat",
  "jelly donut",
  "leather restraint",
  "leather straight jacket",
  "lemon party",
  "mr hands",
  "one cup two girls",
  "pleasure chest",
  "prince albert piercing",
  "rosy palm",
  "rusty trombone",
  "suicide girls",
  "sultry women",
  "tainted love",
  "tea bagging",
  "tied up",
  "tight white",
  "tongue in a",
  "violet wand",
  "wrapping men",
  "xx",
]);

const rot13 = (text: string) =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));

/** Slurs among the listed words, by their first letters, in ROT13: no one has to read them here. */
const SLURS = new RegExp(
  `^(?:${rot13("ornare|pbba|qnexvr|qnexrl|avtt|artre|avt abt|xvxr|cnxv|cvxrl|entuenq|gbjryurnq|jrgonpx|fyna|fcnfgvp|fcvp|wvttnobb|wvtt|wvtnobb|genaal|ohyyqlxr|qlxr|snt|fpujhpugry|xnanxr|xnzcsyrfor|znevp|obyyren|anmv|arbanmv|fjnfgvxn|juvgr cbjre|enpvfgn|nob|norrq|nsevpbba|nenohfu|puvatpubat|puvax|ergneq|zbat|cbynx")})`,
);

const isSlur = (word: string) => SLURS.test(word.toLowerCase());

/** Words about minors among the listed ones. */
const OF_MINORS = /^(?:jail ?bait|lolita|pedo|paedo|nambla|pthc|shota|barely legal)/;

export const policyOfWord = (word: string): PromptPolicy =>
  isSlur(word) ? "prompt.hate" : OF_MINORS.test(word) ? "prompt.minors" : "prompt.sexual";

const plain = (word: string) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Additions to LDNOOBW's lists for a portrait editor: words and phrases without accents, in lower case. */
export function listedWords(): readonly string[] {
  const english = (naughty.en ?? []).map(plain);
  const others = LANGUAGES.flatMap((language) => naughty[language] ?? [])
    .map(plain)
    .filter((word) => word.length >= LEAST_LETTERS);
  return [...new Set([...english, ...others])].filter(
    (word) => /^[a-z][a-z '-]+$/.test(word) && !HARMLESS.has(word) && !HARMLESS_PHRASES.has(word),
  );
}
