/** Everyday words for what the model was taught in others. No network is asked: the same words are read the same everywhere. */

const of = (pattern: string, word: string) => [new RegExp(`\\b(?:${pattern})\\b`, "gi"), word] as const;

/** In this order: a word, or a word before the thing that it is said of. */
const SYNONYMS: readonly (readonly [RegExp, string])[] = [
  of("an? brunette|brunette hair", "with brown hair"),
  of("an? redhead", "with red hair"),
  of("an? blonde(?! hair)", "with blond hair"),
  of("shaved head", "bald head"),
  of("blonde", "blond"),
  of("grey|silver|graying|salt and pepper", "gray"),
  of("moustache", "mustache"),
  of("spectacles|specs", "glasses"),
  of("shades", "sunglasses"),
  of("make-up", "makeup"),
  of("brows", "eyebrows"),
  of("iris(?:es)?|eye colou?r", "eyes"),
  of("fringe", "bangs"),
  of("grin", "smile"),
  of("grinning|laughing", "smiling"),
  of("joyful|cheerful", "happy"),
  of("unhappy|gloomy|crying|tearful", "sad"),
  of("eye ?bags|bags below the eyes", "bags under the eyes"),
  of("dark rings", "dark circles"),
  // colours of what they are said of
  of("(?:auburn|chestnut|chocolate)(?= (?:hair|beard|mustache|goatee|curls))", "brown"),
  of("(?:copper|strawberry blond)(?= (?:hair|beard))", "ginger"),
  of("(?:golden|platinum)(?= hair)", "blond"),
  of("(?:jet black|raven)(?= hair)", "black"),
  of("(?:hazel|amber|chocolate)(?= eyes)", "brown"),
  of("(?:emerald|jade)(?= eyes)", "green"),
  of("(?:sapphire)(?= eyes)", "blue"),
  of("(?:crimson|scarlet|ruby|cherry)(?= (?:lips|lipstick))", "red"),
  of("(?:burgundy|maroon|wine)(?: red)?(?= (?:lips|lipstick))", "dark red"),
  of("(?:violet|plum)(?= (?:lips|lipstick|hair))", "purple"),
  of("(?:ebony|deep)(?= skin)", "dark"),
  of("(?:tanned|bronzed?|sunburn(?:t|ed)|suntanned)(?= skin)", "tan"),
  of("(?:light|ivory)(?= skin)", "fair"),
  of("(?:porcelain|alabaster)(?= skin)", "pale"),
  of("(?:flushed|blushing)(?= cheeks)", "rosy"),
  // sizes and shapes
  of("longer(?= hair)", "long"),
  of("shorter(?= hair)", "short"),
  of("darker(?= skin)", "dark"),
  of("lighter(?= skin)", "fair"),
  of("(?:thick|thicker|full|shaggy|hairy)(?= eyebrows)", "bushy"),
  of("(?:thinner|sparse)(?= eyebrows)", "thin"),
  of("(?:full|fuller|thick|plump|bigger|large)(?= lips)", "big"),
  of("(?:huge|large|bigger|enormous)(?= nose)", "big"),
  of("(?:pointed|sharp)(?= nose)", "pointy"),
  of("(?:huge|bigger)(?= eyes)", "large"),
  of("(?:tiny|smaller|narrow)(?= eyes)", "small"),
  of("shut(?= eyes)", "closed"),
  of("(?:thick|bushy|long)(?= beard)", "full"),
  of("(?:wide|broad|toothy|beaming)(?= smile)", "big"),
  of("(?:thick|dramatic|full)(?= makeup)", "heavy"),
  of("(?:subtle|fresh)(?= makeup)", "light"),
  of("(?:narrow|slender|slimmer)(?= face)", "slim"),
];

/** A text with synonyms replaced by the model's own words. */
export const inOwnWords = (text: string): string =>
  SYNONYMS.reduce((said, [pattern, word]) => said.replace(pattern, word), text);
