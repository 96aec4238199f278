/**
 * Latin letters that look like one of the alphabet and that no normalisation decomposes: "ꞑ" for n, "ɴ" for n, "ø" for
 * o. Selected by name in the Unicode Character Database: LATIN (SMALL or CAPITAL) LETTER, turned, open, barred or small
 * capital, X, WITH anything.
 */
const LOOK_LIKE: Readonly<Record<string, string>> = {
  a: "ɐᴀᶏẚⱥꞻ",
  b: "ƀƃɓʙᴃᵬᶀꞗ",
  c: "ƈȼɕᴄↄꜿꞓꞔ𝼝",
  d: "đƌȡɖɗᴅᵭᶁᶑꝺꟈ",
  e: "ǝɇɘɛɜɝɞʚᴇᴈᶒᶓᶔⱸⱻꬲꬳꬴ",
  f: "ƒᵮᶂꜰꝼꞙ",
  g: "ǥɠɡɢʛᵷᵹᶃꝿꞡꟑꬶ𝼁𝼂",
  h: "ħɥɦʜʮʯⱨⱶꞕꟶ",
  i: "ıɨɪᴉᶖꞽ𝼚",
  j: "ȷɉɟʄʝᴊ",
  k: "ƙʞᴋᶄⱪꝁꝃꝅꞣ𝼃𝼐",
  l: "ŀłƚȴɫɬɭʟᴌᶅⱡꝉꞁꞎꬷꬸꬹ𝼄𝼑𝼓",
  m: "ɯɰɱᴍᴟᵯᶆꟺꬺ",
  n: "ƞȵɲɳɴᴎᵰᶇꞑꞥꬻ",
  o: "øǿɔɵᴏᴑᴒᴓᴖᴗᶗⱺꝋꝍꬽꬾꬿ𝼛",
  p: "ƥᴘᵱᵽᶈꝑꝓꝕ",
  q: "ɋʠꝗꝙꞯ",
  r: "ɍɹɺɻɼɽɾɿʀʁᴙᴚᵲᵳᶉⱹꝛꞃꞧꭆꭉꭋꭌꭨ𝼈𝼕𝼖",
  s: "ȿʂᵴᶊẜẝꜱꞅꞩꟊ𝼞",
  t: "ŧƫƭȶʇʈᴛᵵⱦꞇ𝼉𝼍",
  u: "ᴜᴝᶙꞹꞿꭎꭒ",
  v: "ʋʌᴠᶌỽⱱⱴꝟ",
  w: "ʍᴡⱳ",
  x: "ᶍꭖꭗꭘꭙ",
  y: "ƴɏʎʏỿꭚ𝼆",
  z: "ƶȥɀʐʑᴢᵶᶎⱬ",
};

/** Each of them with the letter of the alphabet that it resembles. */
export const ALPHABET_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOK_LIKE).flatMap(([letter, alike]) => [...alike].map((other) => [other, letter] as const)),
);
