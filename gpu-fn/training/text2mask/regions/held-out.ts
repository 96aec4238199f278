/**
 * Phrases that are never trained: they test generalisation to new words. The list may get longer, never easier:
 * no phrase leaves it, and none of its own words (`wordings.test.ts` names them) enters the training phrases.
 */
import type { Region } from "../../../../shared/regions.ts";

export const HELD_OUT_PHRASES: Readonly<Record<Region, readonly string[]>> = {
  beard: ["{s} with a moustache", "{s} with whiskers", "{s} with stubble on the jaw", "an unshaven {n}"],
  face_shape: ["{s} with a plump face", "{s} with a slender jawline", "{s} with an angular visage"],
  chin: ["{s} with a cleft chin", "{s} with a protruding chin", "{s} with a fat fold under the chin"],
  skin: ["{s} with an olive complexion", "{s} with a sunburn", "{s} with ivory skin"],
  hair: [
    "a redhead",
    "a brunette",
    "{s} with silver locks",
    "{s} with auburn tresses",
    "{s} with a ponytail",
  ],
  hairline: [
    "{s} with thinning hair at the temples",
    "{s} with an M-shaped hairline",
    "{s} losing hair in front",
  ],
  forehead: [
    "{s} with a fringe",
    "{s} with creases on the brow line",
    "{s} with a fringe falling over the temples",
  ],
  mouth: ["{s} with an agape mouth", "{s} gasping", "{s} with the jaw dropped"],
  lips: [
    "{s} with plump lips",
    "{s} wearing lip gloss",
    "{s} with crimson lips",
    "{s} wearing scarlet lip color",
  ],
  nose: ["{s} with a bulbous nose", "{s} with broad nostrils", "{s} with an aquiline nose"],
  eyebrows: ["{s} with thick brows", "{s} with plucked brows", "{s} with a unibrow"],
  under_eyes: [
    "{s} with swollen lower eyelids",
    "{s} with panda eyes from no sleep",
    "{s} with a sleepless look",
  ],
  pupils: ["{s} with blue irises", "{s} with hazel irises", "{s} with emerald eye color"],
  eyes: ["{s} asleep", "{s} with almond-shaped eyes", "{s} squinting", "{s} winking"],
  makeup: ["{s} wearing cosmetics", "{s} with mascara and foundation", "{s} with a made-up face"],
  cheeks: ["{s} with blush", "{s} blushing", "{s} with rouge on the face"],
  expression: ["{s} grinning", "a cheerful {n}", "{s} laughing", "a frowning {n}"],
  eyeglasses: [
    "{s} wearing spectacles",
    "{s} in shades",
    "{s} with thick-rimmed eyewear",
    "{s} with goggles",
  ],
};
