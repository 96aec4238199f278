import type { PromptPolicy } from "./policies.ts";

/** Patterns for meanings that single words do not carry: matched on every reading of a prompt (`viewsOf`). */
export interface Phrase {
  readonly policy: PromptPolicy;
  readonly pattern: RegExp;
}

const any = (...words: string[]) => `(?:${words.join("|")})`;

const COLOURED = any(
  "lip\\w*",
  "gloss",
  "make ?up",
  "nails?",
  "nail polish",
  "eye ?shadow\\w*",
  "shades?",
  "tones?",
  "palettes?",
  "colou?rs?",
  "blush",
  "heels",
  "nail",
  "pink",
  "beige",
);
const PARTS = any(
  "eye ?brows?",
  "brows?",
  "lashes",
  "eye ?lashes",
  "eyes?",
  "scalp",
  "chin",
  "forehead",
  "ears?",
  "nails?",
  "neck",
  "face",
  "palette",
);

/** Not "nude lipstick", "rouge à lèvres nude", "naked eyebrows". */
const NUDE = `(?<!\\b(?:levres|lips|lipstick|nails) )\\bnud(?:e|es|ity|ist)\\b(?! (?:[a-z]+ )?${COLOURED}\\b)`;
const NAKED = `\\bnaked\\b(?! ${PARTS}\\b)`;

/** Clothes whose removal exposes the body; coats, hats and scarves do not count. */
const CLOTHES = any(
  "clothes",
  "clothing",
  "cloths",
  "garments?",
  "everything",
  "dress",
  "blouse",
  "bra",
  "panties",
  "underwear",
  "bikini",
  "swimsuit",
  "trousers",
  "pants",
  "skirt",
  "t-?shirt",
  "shirt",
);
const BARED = any(
  "breasts?",
  "bosoms?",
  "nipples?",
  "genitals?",
  "areolas?",
  "buttocks",
  "body",
  "chest",
  "torso",
);
const HIS = "(?:(?:her|his|their|the|all|any|of|off|these|those|my|its|a) ){0,3}";

const CHILD = any(
  "child(?:ren|like)?(?![ -]?friendly)",
  "childhood",
  "kids?(?![ -]?friendly)",
  "toddlers?",
  "infants?",
  "newborns?",
  "teens?",
  "teen ?age(?:d|rs?)?",
  "pre ?teens?",
  "tweens?",
  "adolescents?",
  "juveniles?",
  "under ?age(?:d)?",
  "minors|a minor(?! ?\\w)",
  "school ?(?:girl|boy|child|kid)s?",
  "kindergart(?:en|ner|ener)s?",
  "pre ?schoolers?",
  "puberty",
  "prepubescent",
  "pubescent",
);
const NUMBER = any(
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen",
);
/** Not the end of a larger number: "twenty-two", "116", "3.5". */
const UNDER = `(?<![\\d.,]|ty[ -])(?:${NUMBER}|1[0-7]|[1-9])`;

/** Languages in Latin letters, without accents: only words with a single meaning. */
const FOREIGN_NAKED = any(
  "desnud[oa]s?",
  "nackt(?:e[nrsm]?)?",
  "nackig",
  "une femme nue",
  "nue?s? ?integrale?s?",
  "denud[ée]e?s?",
  "nuda",
  "nude donne",
  "mulher(?:es)? nuas?",
  "pelad[oa]",
  "naakte?",
  "nag(?:a kobieta|i mezczyzna|ie kobiety)",
  "ciplak",
  "naken(?:t|na)?",
  "noge?n kvinde",
  "nahá zena",
  "telanjang",
  "khoa than",
  "golaya",
  "golyj",
  "meztelen",
  "dezbracat[ae]?",
  "sin ropa",
  "sans vetements",
  "ohne kleid(?:er|ung)",
  "senza vestiti",
  "sem roupas?",
  "zonder kleren",
  "bez ubran(?:ia)?",
  "utan klader",
);
const FOREIGN_CHILD = any(
  "nin[oa]s? peque\\w+",
  "kleine[sn]? (?:madchen|kind|jungen?)",
  "kleinkind(?:er)?",
  "schulmadchen",
  "enfants?",
  "fillettes?",
  "petite fille",
  "petit garcon",
  "crianças?|criancas?",
  "menin[oa]s?",
  "bambin[oaie]",
  "ragazzin[oa]",
  "klein(?:e)? (?:meisje|jongen)",
  "dzieck[oa]",
  "dziewczynk[ai]",
  "cocuk|cocugu|cocuklar",
  "adolescentes?",
  "jugendliche[rn]?",
  "devochk[ai]",
  "malchik",
  "rebenok",
  "liten flicka",
  "lille pige",
);
const FOREIGN_AGE = `${UNDER} (?:anos|ans|anni|jahre alt|jaar oud|lat|yasinda)\\b`;
const FOREIGN_HATE = any(
  "hakenkreuz\\w*",
  "esvasticas?",
  "svastic[ah]e?",
  "suasticas?",
  "croix gammee",
  "swastyk[aię]",
  "hakkors",
  "untermensch\\w*",
  "nazis?t[ae]s?",
  "sale (?:juif|arabe|noir)",
);

const words = (policy: PromptPolicy, ...patterns: readonly string[]): Phrase[] =>
  patterns.map((pattern) => ({ policy, pattern: new RegExp(pattern, "u") }));

export const PHRASES: readonly Phrase[] = [
  ...words(
    "prompt.sexual",
    NUDE,
    NAKED,
    `\\b(?:topless|bottomless|undress(?:ed|ing)?|disrob(?:ed?|es|ing)|unclad|unclothed|uncloth(?:es?|ing)|ungarbed|unrobed|shirtless|bare ?chested|cloth(?:es)? ?(?:free|less)|lingerie|nudes)\\b`,
    `\\b(?:erotic\\w*|porn\\w*|sexual\\w*|fetish\\w*|orgasm\\w*|ahegao|moaning|strip ?tease)\\b`,
    `\\bin (?:the (?:nude|buff|raw|altogether)|(?:her|his|their) birthday suits?)\\b`,
    `\\b(?:au naturel|starkers|skinny ?dipp(?:ing|ed|er))\\b`,
    `\\b(?:bare|bared|exposed|naked|uncovered|visible) ${BARED}\\b`,
    `\\b(?:without|no|remove|removed?|removing|take off|takes? off|taking off|strip|strip off|lose|rip off) ${HIS}${CLOTHES}\\b`,
    `\\btak(?:e|es|ing) ${HIS}${CLOTHES} off\\b`,
    `\\b(?:clothes|clothing|dress|shirt|bra) (?:is |are )?(?:removed|gone|off|disappeared|has disappeared)\\b`,
    `\\b(?:wearing|wears|has|having) (?:absolutely )?nothing(?: at all| on)?\\b`,
    `\\b(?:in nothing|(?:in|wearing|wears) (?:only|just) (?:an? |her |his |their )?(?:smile|skin))\\b`,
    `\\b(?:under|beneath) (?:her|his|their|the) (?:clothes|clothing|dress|shirt|skirt)\\b`,
    `\\bstrip (?:her|him|them|down)\\b`,
    `\\b(?:quitale|quitarle) (?:la|toda la) ropa\\b|\\benleve(?:r)? (?:ses|les) vetements\\b|\\bzieh (?:sie|ihn) aus\\b`,
    `\\b${FOREIGN_NAKED}\\b`,
  ),
  ...words(
    "prompt.minors",
    `\\b${CHILD}\\b`,
    `\\b(?:little|small|young|tiny) (?:girls?|boys?|child)\\b`,
    // not similes with a baby, nor someone kept awake by one
    `(?<!\\bby (?:a|the|her|his|their) )\\bbab(?:y|ies)\\b(?![ -](?:blue|hairs?|faced?|pink|bangs|fat|doll|soft|skin|smooth|breath))`,
    `\\b(?:lolis?|lolicons?|lolitas?|shotas?|shotacons?|kiddies?)\\b`,
    `\\b${UNDER}[ -]?(?:years?|yrs?|yr)?[ -]?(?:old|of age|y/?o)\\b(?<!years?)(?!er)`,
    `\\b(?:age|aged) (?:her |him |them )?(?:down )?(?:of |to )?${UNDER}\\b(?! (?:years|decades))`,
    `\\b(?:at|was|is|turns?|turned|being) ${UNDER} years\\b`,
    `\\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|[1-9](?:st|nd|rd|th)) grade(?:rs?)?\\b`,
    `\\b(?:primary|elementary|middle|junior high|grade|nursery) school\\b`,
    `\\b(?:under|below) (?:18|eighteen|the age of)\\b`,
    `\\b${FOREIGN_CHILD}\\b`,
    `\\b${FOREIGN_AGE}`,
  ),
  ...words(
    "prompt.hate",
    `\\b(?:swastikas?|nazis?|neo ?nazis?|hitler\\w*|fu?ehrer|third reich|waffen ss|kkk|ku klux klan|white (?:power|supremac\\w+|pride))\\b`,
    `\\b(?:subhumans?|sub human|inferior races?|master race|aryan race|vermin|black ?face|minstrel)\\b`,
    `\\bburning cross\\b`,
    `\\b${FOREIGN_HATE}\\b`,
  ),
];

/** Words that no one splits by chance: their halves side by side count as the word ("un dress", "na ked"). */
export const NEVER_TWO_WORDS: Readonly<Record<string, PromptPolicy>> = {
  nude: "prompt.sexual",
  naked: "prompt.sexual",
  topless: "prompt.sexual",
  undress: "prompt.sexual",
  undressed: "prompt.sexual",
  porn: "prompt.sexual",
  erotic: "prompt.sexual",
  child: "prompt.minors",
  children: "prompt.minors",
  toddler: "prompt.minors",
  teenage: "prompt.minors",
  teenager: "prompt.minors",
  schoolgirl: "prompt.minors",
  schoolboy: "prompt.minors",
  underage: "prompt.minors",
  nazi: "prompt.hate",
  swastika: "prompt.hate",
};
