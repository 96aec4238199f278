/** The eighteen face regions of the paper's Figure 10, in the order every mask file of the project uses. */
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
