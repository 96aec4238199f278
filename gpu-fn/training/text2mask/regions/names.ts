/** The paper's eighteen facial regions (Figure 10), in the order every mask file uses. */
export const REGIONS = [
  "beard",
  "face_shape",
  "chin",
  "skin",
  "hair",
  "hairline",
  "forehead",
  "mouth",
  "lips",
  "nose",
  "eyebrows",
  "under_eyes",
  "pupils",
  "eyes",
  "makeup",
  "cheeks",
  "expression",
  "eyeglasses",
] as const;

export type Region = (typeof REGIONS)[number];
