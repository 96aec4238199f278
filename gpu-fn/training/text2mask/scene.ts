/** A portrait as one SVG, back to front. */
import type { Attributes } from "./attributes.ts";
import { drawBackground, drawVignette } from "./draw/background.ts";
import { drawBeard } from "./draw/beard.ts";
import { drawClothes, drawNeck } from "./draw/clothes.ts";
import { drawBrows, drawEyes } from "./draw/eyes.ts";
import { drawGlasses } from "./draw/glasses.ts";
import { drawBackHair, drawBangs, drawFrontHair } from "./draw/hair.ts";
import { drawEarrings, drawHat } from "./draw/hat.ts";
import { drawDoubleChin, drawHead, drawSkinDetails } from "./draw/head.ts";
import { drawMouth } from "./draw/mouth.ts";
import { drawNose } from "./draw/nose.ts";
import { face } from "./geometry.ts";

export function portraitSvg(a: Attributes, size: number): string {
  const g = face(a);
  const head = (content: string): string => `<g transform="${g.headTransform}">${content}</g>`;
  const body = (content: string): string => `<g transform="${g.bodyTransform}">${content}</g>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 256 256">` +
    drawBackground(a) +
    head(drawBackHair(a, g)) +
    body(drawNeck(a, g) + drawClothes(a, g)) +
    head(
      drawDoubleChin(a, g) +
        drawHead(a, g) +
        drawSkinDetails(a, g) +
        drawNose(a, g) +
        drawBeard(a, g) +
        drawMouth(a, g) +
        drawEyes(a, g) +
        drawBrows(a, g) +
        drawEarrings(a, g) +
        drawGlasses(a, g) +
        drawFrontHair(a, g) +
        drawBangs(a, g) +
        drawHat(a, g),
    ) +
    drawVignette() +
    "</svg>"
  );
}
