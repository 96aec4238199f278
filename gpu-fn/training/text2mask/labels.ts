/** Labels for classifiers, from the attributes: 1 where an edit's attribute is there, and the colours by name. */
import type { Attributes } from "./attributes.ts";

export function labels(a: Attributes): Record<string, number | string> {
  const flag = (value: boolean): number => (value ? 1 : 0);
  return {
    beard: flag(a.beard === "full"),
    goatee: flag(a.beard === "goatee"),
    mustache: flag(a.beard === "mustache"),
    facial_hair: flag(a.beard !== "none"),
    hair_color: a.hairStyle === "bald" ? "none" : a.hairColor,
    bald: flag(a.hairStyle === "bald"),
    bangs: flag(a.bangs !== "none"),
    receding_hairline: flag(a.hairline === "receding"),
    lipstick: flag(a.lipstick !== "none"),
    lipstick_color: a.lipstick,
    red_lipstick: flag(a.lipstick === "red"),
    eyeglasses: flag(a.eyewear === "glasses"),
    sunglasses: flag(a.eyewear === "sunglasses"),
    smile: flag(a.expression === "smile"),
    sad: flag(a.expression === "sad"),
    open_mouth: flag(a.mouth === "open"),
    rosy_cheeks: flag(a.cheeks === "rosy"),
    bushy_eyebrows: flag(a.eyebrows === "bushy"),
    arched_eyebrows: flag(a.eyebrows === "arched"),
    big_nose: flag(a.nose === "big"),
    pointy_nose: flag(a.nose === "pointy"),
    big_lips: flag(a.lips === "big"),
    closed_eyes: flag(a.eyes === "closed"),
    heavy_makeup: flag(a.makeup === "heavy"),
    bags_under_eyes: flag(a.underEyes === "bags"),
    double_chin: flag(a.doubleChin === "double"),
    wrinkles: flag(a.wrinkles === "forehead"),
    man: flag(a.gender === "man"),
  };
}
