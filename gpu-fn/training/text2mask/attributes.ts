/**
 * The parameters of a portrait and how they are drawn. Each value comes from its own stream of the seed, so a
 * change of one never moves another. Target attributes (beard, hair colour, bangs, lipstick, glasses, smile)
 * are oversampled and almost independent of gender, age and skin, so that a model cannot infer one from another.
 */
import {
  EYE_SHADOWS,
  type EyeColor,
  type FrameColor,
  HAIR_COLORS,
  type HairColor,
  type Lipstick,
  luma,
  skinColor,
} from "./palette.ts";
import { stream } from "./random.ts";

export type HairStyle = "bald" | "short" | "bob" | "long" | "curly" | "wavy" | "updo";

export interface Attributes {
  readonly seed: number;
  gender: "man" | "woman";
  age: "young" | "adult" | "old";
  /** 0 pale .. 1 deep. */
  skinTone: number;
  /** -1 rosy .. 1 golden. */
  skinWarmth: number;
  /** Relative width of the head, .92 .. 1.08. */
  faceWidth: number;
  /** 0 pointed .. 1 square. */
  jaw: number;
  /** Chin length in canvas units, -5 .. 5 (the canvas is 256 units wide and high). */
  chin: number;
  offsetX: number;
  offsetY: number;
  /** Zoom, .96 .. 1.05. */
  scale: number;
  /** Degrees. */
  tilt: number;
  /** Turn of the head: shift of the features in units, -4 .. 4. */
  yaw: number;
  hairStyle: HairStyle;
  hairColor: HairColor;
  /** Lightness jitter, -1 .. 1. */
  hairShade: number;
  /** 0 flat .. 1 full. */
  hairVolume: number;
  /** 0 .. 1 along the style's range of lengths. */
  hairLength: number;
  /** Position of the parting, -1 .. 1. */
  parting: number;
  hairline: "normal" | "receding";
  bangs: "none" | "straight" | "side";
  eyebrows: "natural" | "bushy" | "thin" | "arched";
  browColor: HairColor;
  /** Relative, .9 .. 1.16. */
  eyeSize: number;
  eyeColor: EyeColor;
  eyes: "open" | "closed";
  pupils: "normal" | "dilated";
  underEyes: "none" | "bags" | "dark circles";
  nose: "normal" | "big" | "pointy";
  /** Relative, .92 .. 1.08. */
  noseSize: number;
  lips: "normal" | "big" | "thin";
  lipstick: "none" | Lipstick;
  mouth: "closed" | "open";
  expression: "neutral" | "smile" | "sad";
  cheeks: "plain" | "rosy";
  makeup: "none" | "light" | "heavy";
  /** Index into the eye shadows. */
  eyeShadow: number;
  beard: "none" | "mustache" | "goatee" | "full";
  beardColor: HairColor;
  /** 0 short .. 1 long. */
  beardLength: number;
  eyewear: "none" | "glasses" | "sunglasses";
  frameShape: "round" | "square" | "oval" | "cat-eye";
  frameColor: FrameColor;
  hat: "none" | "beanie" | "cap";
  earrings: "none" | "studs" | "hoops";
  wrinkles: "none" | "forehead";
  doubleChin: "none" | "double";
  freckles: "none" | "freckles";
  /** Degrees. */
  backgroundHue: number;
  backgroundLight: number;
  background: "gradient" | "bokeh" | "studio";
  /** Side the light comes from, -1 left .. 1 right. */
  light: number;
  clothing: "crew" | "collar" | "vneck" | "turtleneck";
  clothingHue: number;
  clothingLight: number;
}

const NATURAL_HAIR = { black: 21, "dark brown": 12, brown: 17, blond: 19, red: 10 };
const DYED_HAIR = { blue: 4, pink: 4, purple: 2.5, green: 2 };

/** Beards need contrast with the skin to be seen at 128 px; the first colour of the list that has it wins. */
function visibleBeard(wanted: HairColor, tone: number): HairColor {
  const skin = luma(skinColor(tone, 0));
  const contrast = (color: HairColor): number => Math.abs(luma(HAIR_COLORS[color]) - skin);
  if (contrast(wanted) >= 46) return wanted;
  const options: HairColor[] = ["black", "dark brown", "brown", "white", "gray"];
  return options.reduce((best, color) => (contrast(color) > contrast(best) ? color : best));
}

/** The portrait of a seed. Pure: the same seed always gives the same portrait. */
export function portrait(seed: number): Attributes {
  const draw = (name: string) => stream(seed, name);
  const range = (name: string, low: number, high: number): number =>
    Math.round(draw(name).between(low, high) * 1000) / 1000;

  const gender = draw("gender").weighted<Attributes["gender"]>({ man: 1, woman: 1 });
  const woman = gender === "woman";
  const age = draw("age").weighted<Attributes["age"]>({ young: 36, adult: 42, old: 22 });
  const old = age === "old";
  const skinTone = range("skinTone", 0, 1);
  const hairColor = draw("hairColor").weighted<HairColor>({
    ...NATURAL_HAIR,
    ...DYED_HAIR,
    gray: old ? 34 : 8,
    white: old ? 18 : 3,
  });
  const natural = hairColor in DYED_HAIR ? draw("rootColor").pick(["black", "brown"] as const) : hairColor;
  const hairStyle = draw("hairStyle").weighted<HairStyle>(
    woman
      ? { bald: 1, short: 14, bob: 22, long: 24, curly: 14, wavy: 16, updo: 9 }
      : { bald: 9, short: 52, bob: 6, long: 9, curly: 15, wavy: 9 },
  );
  const bald = hairStyle === "bald";
  const hat = draw("hat").weighted<Attributes["hat"]>({ none: 95, beanie: 3, cap: 2 });
  const bangs =
    bald || hat !== "none"
      ? "none"
      : draw("bangs").weighted<Attributes["bangs"]>(
          woman ? { none: 56, straight: 26, side: 18 } : { none: 70, straight: 17, side: 13 },
        );
  const hairline = bangs === "none" && !bald && draw("hairline").chance(woman ? 0.05 : old ? 0.4 : 0.14);
  return {
    seed,
    gender,
    age,
    skinTone,
    skinWarmth: range("skinWarmth", -1, 1),
    faceWidth: range("faceWidth", 0.93, 1.07) * (woman ? 0.985 : 1.01),
    jaw: Math.min(1, range("jaw", 0, 0.6) + (woman ? 0 : 0.38)),
    chin: range("chin", -5, 5),
    offsetX: range("offsetX", -4, 4),
    offsetY: range("offsetY", -3, 3),
    scale: range("scale", 0.97, 1.05),
    tilt: range("tilt", -3.5, 3.5),
    yaw: range("yaw", -4, 4),
    hairStyle,
    hairColor,
    hairShade: range("hairShade", -1, 1),
    hairVolume: range("hairVolume", 0, 1),
    hairLength: range("hairLength", 0, 1),
    parting: range("parting", -1, 1),
    hairline: hairline ? "receding" : "normal",
    bangs,
    eyebrows: draw("eyebrows").weighted<Attributes["eyebrows"]>(
      woman
        ? { natural: 50, bushy: 9, thin: 21, arched: 20 }
        : { natural: 58, bushy: 24, thin: 8, arched: 10 },
    ),
    browColor: natural,
    eyeSize: range("eyeSize", 0.9, 1.16),
    eyeColor: draw("eyeColor").weighted<EyeColor>({ brown: 40, blue: 26, green: 18, gray: 10, red: 6 }),
    eyes: draw("eyes").chance(0.08) ? "closed" : "open",
    pupils: draw("pupils").chance(0.1) ? "dilated" : "normal",
    underEyes: draw("underEyes").weighted<Attributes["underEyes"]>(
      old ? { none: 50, bags: 36, "dark circles": 14 } : { none: 78, bags: 11, "dark circles": 11 },
    ),
    nose: draw("nose").weighted<Attributes["nose"]>({ normal: 68, big: 16, pointy: 16 }),
    noseSize: range("noseSize", 0.92, 1.08),
    lips: draw("lips").weighted<Attributes["lips"]>({ normal: 64, big: 22, thin: 14 }),
    lipstick: draw("wearsLipstick").chance(woman ? 0.5 : 0.15)
      ? draw("lipstick").weighted<Lipstick>({ red: 46, pink: 18, purple: 12, "dark red": 14, orange: 10 })
      : "none",
    mouth: draw("mouth").chance(0.16) ? "open" : "closed",
    expression: draw("expression").weighted<Attributes["expression"]>({ neutral: 46, smile: 40, sad: 14 }),
    cheeks: draw("cheeks").chance(woman ? 0.24 : 0.14) ? "rosy" : "plain",
    makeup: draw("makeup").weighted<Attributes["makeup"]>(
      woman ? { none: 52, light: 24, heavy: 24 } : { none: 92, light: 3, heavy: 5 },
    ),
    eyeShadow: Math.floor(draw("eyeShadow").between(0, EYE_SHADOWS.length)),
    beard: draw("beard").weighted<Attributes["beard"]>(
      woman
        ? { none: 93, full: 4, goatee: 1.5, mustache: 1.5 }
        : { none: 36, full: 46, goatee: 9, mustache: 9 },
    ),
    beardColor: visibleBeard(natural, skinTone),
    beardLength: range("beardLength", 0, 1),
    eyewear: draw("eyewear").weighted<Attributes["eyewear"]>({ none: 64, glasses: 30, sunglasses: 6 }),
    frameShape: draw("frameShape").weighted<Attributes["frameShape"]>({
      round: 30,
      square: 38,
      oval: 18,
      "cat-eye": 14,
    }),
    frameColor: draw("frameColor").weighted<FrameColor>({
      black: 58,
      brown: 18,
      "dark red": 12,
      "dark blue": 12,
    }),
    hat,
    earrings: draw("earrings").weighted<Attributes["earrings"]>(
      woman ? { none: 55, studs: 22, hoops: 23 } : { none: 93, studs: 5, hoops: 2 },
    ),
    wrinkles: bangs === "none" && draw("wrinkles").chance(old ? 0.6 : 0.07) ? "forehead" : "none",
    doubleChin: draw("doubleChin").chance(0.12) ? "double" : "none",
    freckles: draw("freckles").chance(0.12) ? "freckles" : "none",
    backgroundHue: range("backgroundHue", 0, 360),
    backgroundLight: range("backgroundLight", 0.46, 0.8),
    background: draw("background").pick(["gradient", "bokeh", "studio"] as const),
    light: range("light", -1, 1),
    clothing: draw("clothing").pick(["crew", "collar", "vneck", "turtleneck"] as const),
    clothingHue: range("clothingHue", 0, 360),
    clothingLight: range("clothingLight", 0.2, 0.72),
  };
}

/** The same portrait with one value changed; everything else, strand noise included, stays as it was. */
export function withAttribute<K extends Exclude<keyof Attributes, "seed">>(
  attributes: Attributes,
  name: K,
  value: Attributes[K],
): Attributes {
  return { ...attributes, [name]: value };
}
