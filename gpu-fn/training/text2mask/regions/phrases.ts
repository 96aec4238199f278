import { REGIONS, type Region } from "../../../../shared/regions.ts";
import { HELD_OUT_PHRASES } from "./held-out.ts";
import { EYES_PHRASES } from "./train/eyes.ts";
import { FACE_PHRASES } from "./train/face.ts";
import { HAIR_PHRASES } from "./train/hair.ts";
import { MOUTH_PHRASES } from "./train/mouth.ts";

/**
 * Attribute phrases per region. `{s}` stands for a subject with its article ("a person"), `{n}` for its noun
 * and `{o}` for its object pronoun. Held-out phrases test generalisation to words that are never trained.
 */
export interface RegionPhrases {
  train: readonly string[];
  heldOut: readonly string[];
}

const TRAIN: Readonly<Record<Region, readonly string[]>> = {
  ...HAIR_PHRASES,
  ...EYES_PHRASES,
  ...MOUTH_PHRASES,
  ...FACE_PHRASES,
};

export const REGION_PHRASES = Object.fromEntries(
  REGIONS.map((region) => [region, { train: TRAIN[region], heldOut: HELD_OUT_PHRASES[region] }]),
) as Readonly<Record<Region, RegionPhrases>>;
