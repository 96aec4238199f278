import { expect, test } from "vitest";
import type { PromptPolicy } from "./policies.ts";
import { judgeWords, policiesOf } from "./prompt.ts";
import { DEFAULT_MODERATION, type Moderation } from "./settings.ts";

test.each<[PromptPolicy, string]>([
  ["prompt.sexual", "remove her dress"],
  ["prompt.sexual", "a woman wearing nothing"],
  ["prompt.sexual", "an unclad woman"],
  ["prompt.sexual", "a woman in the buff"],
  ["prompt.sexual", "in his birthday suit"],
  ["prompt.sexual", "in nothing but a hat"],
  ["prompt.sexual", "wearing only a smile"],
  ["prompt.sexual", "a bare-chested woman"],
  ["prompt.sexual", "a shirtless woman"],
  ["prompt.sexual", "clothes-free"],
  ["prompt.sexual", "a ꞑude woman"],
  ["prompt.sexual", "a \u0235aked man"],
  ["prompt.sexual", "une femme nue"],
  ["prompt.sexual", "ein Bild mit Titten"],
  ["prompt.minors", "a 9 y/o boy"],
  ["prompt.minors", "a girl of 15 years of age"],
  ["prompt.minors", "eine zwölfjährige Tochter, 12 Jahre alt"],
  ["prompt.minors", "aged 16"],
  ["prompt.minors", "a loli"],
  ["prompt.minors", "make her a minor"],
  ["prompt.minors", "a kid-friendly picture of two kids"],
  ["prompt.minors", "a baby held by a woman"],
  ["prompt.hate", "a Ku Klux Klan hood"],
  ["prompt.hate", "un uniforme nazista"],
  ["prompt.real_person", "Angela Merkel"],
  ["prompt.real_person", "the hair of marie curie"],
  ["prompt.real_person", "like rihanna"],
  ["prompt.real_person", "look like tom cruise"],
  ["prompt.real_person", "make her look like grace kelly"],
  ["prompt.real_person", "turn her into taylor swift"],
  ["prompt.real_person", "with the face of brad pitt"],
  ["prompt.real_person", "as brad pitt"],
  ["prompt.real_person", "transform this person into angelina jolie"],
  ["prompt.real_person", "change him to ryan gosling"],
  ["prompt.real_person", "swap his face with jennifer lawrence"],
  ["prompt.real_person", "with hair like audrey hepburn"],
  ["prompt.real_person", "as tom cruise"],
  ["prompt.real_person", "give her tom cruise's nose"],
  ["prompt.real_person", "look like cillian murphy"],
])("%s: %s", async (policy, prompt) => {
  expect([...(await policiesOf(prompt))]).toContain(policy);
});

test.each([
  "nude lipstick",
  "rouge à lèvres nude",
  "naked eyebrows",
  "a sexy look",
  "bare shoulders, without the hat",
  "a minor scar, in just a cap",
  "take off her glasses",
  "a 25 year old woman",
  "ten years younger",
  "10 years younger",
  "she looks 5 years older",
  "a 116 year old man",
  "a thirty-two year old woman",
  "a man of forty five years",
  "baby blue eyes and baby hairs",
  "a boyish haircut",
  "a bob, amber earrings and hazel eyes",
  "a Van Dyke beard",
  "ein Mann mit Bart",
  "pelo negro",
  "big black glasses",
  "black skin",
  "a hijab",
  "a scar after surgery",
  "biting his lip, with a pipe in the mouth",
  "a cockatoo feather and a cocktail umbrella",
  "Scunthorpe United scarf",
  "a kid-friendly smile",
  "a baby-faced man, kept awake by a baby",
  "make him frank and open",
  "looks like rose petals",
  "make her look like a model",
  "make her look like model",
  "look like winter",
  "look like a doll, older, as a blonde",
  "look like ken doll",
  "turn him into marble statue",
  "change her hair to bob haircut",
  "replace the bangs with rachel layers",
  "change his expression to frank surprise",
  "as carol singer",
  "like christian priest",
  "as frank as possible",
  "as dean of students",
  "like billy goat",
])("nothing refuses: %s", async (prompt) => {
  expect([...(await policiesOf(prompt))]).toEqual([]);
});

test("the first enabled policy decides; a disabled one is not asked", async () => {
  const prompts = ["a naked child", "a person."];
  const having = (...off: PromptPolicy[]): Moderation => ({ ...DEFAULT_MODERATION, off: new Set(off) });
  expect(await judgeWords(prompts, having())).toMatchObject({ policy: "prompt.sexual" });
  expect(await judgeWords(prompts, having("prompt.sexual"))).toMatchObject({ policy: "prompt.minors" });
  expect(await judgeWords(prompts, having("prompt.sexual", "prompt.minors"))).toBeNull();
});

test("a refusal names the policy but not what was found", async () => {
  const verdict = await judgeWords(["a naked man in Paris"], DEFAULT_MODERATION);
  expect(verdict?.detail).toBe(
    "the prompt is refused by the policy prompt.sexual: nudity, undressing and sexual content",
  );
});
