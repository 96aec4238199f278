import { REGIONS, type Region } from "../../../../shared/regions.ts";

/** What can be asked of each region, in words that every model's locator knows. */
export const SUGGESTIONS: Readonly<Record<Region, readonly string[]>> = {
  beard: ["with a full beard", "with a goatee", "with a mustache"],
  face_shape: ["with a slim face", "with a wide face"],
  chin: ["with a double chin", "with a square chin"],
  skin: ["with tan skin", "with pale skin", "with dark skin"],
  hair: ["with black hair", "with blond hair", "with red hair", "with gray hair", "with pink hair"],
  hairline: ["with a receding hairline"],
  forehead: ["with bangs", "without bangs", "with forehead wrinkles"],
  mouth: ["with an open mouth", "with a closed mouth"],
  lips: ["wearing red lipstick", "with big lips"],
  nose: ["with a big nose", "with a pointy nose"],
  eyebrows: ["with bushy eyebrows", "with arched eyebrows"],
  under_eyes: ["with bags under the eyes"],
  pupils: ["with dilated pupils"],
  eyes: ["with closed eyes", "with blue eyes"],
  makeup: ["wearing heavy makeup"],
  cheeks: ["with rosy cheeks"],
  expression: ["smiling", "with a sad expression"],
  eyeglasses: ["wearing glasses", "wearing sunglasses"],
};

/** What is shown before a region is chosen. */
export const POPULAR: readonly string[] = [
  "wearing glasses",
  "with a full beard",
  "smiling",
  "with bangs",
  "wearing red lipstick",
  "with blond hair",
  "with rosy cheeks",
];

export const regionName = (region: Region) => region.replaceAll("_", " ").replace("under eyes", "under-eyes");

export { REGIONS, type Region };
