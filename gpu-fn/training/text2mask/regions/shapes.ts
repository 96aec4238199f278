/**
 * The shapes of the eighteen regions: where an attribute is or would be. White is inside; black layers take
 * back what lies in front.
 */

import type { Region } from "../../../../shared/regions.ts";
import type { Attributes } from "../attributes.ts";
import { fullBeardPath } from "../draw/beard.ts";
import { clothesPath, neckPath } from "../draw/clothes.ts";
import { eyePath } from "../draw/eyes.ts";
import { glassesEnvelope } from "../draw/glasses.ts";
import { backHair, bangsPath, capPath, frontHair } from "../draw/hair-shapes.ts";
import { hatShapes } from "../draw/hat.ts";
import { earShapes } from "../draw/head.ts";
import { mouthShape } from "../draw/mouth.ts";
import { type Face, face, headPath, NORMAL_HAIRLINE } from "../geometry.ts";
import { svg } from "../svg.ts";

/** White shapes, grown by half a stroke so that antialiased edges stay inside. */
function inside(shapes: string, grow = 3): string {
  return `<g fill="#fff" stroke="#fff" stroke-width="${grow}" stroke-linejoin="round">${shapes}</g>`;
}

function outside(shapes: string): string {
  return shapes ? `<g fill="#000">${shapes}</g>` : "";
}

const path = (d: string): string => `<path d="${d}"/>`;
const ellipse = (x: number, y: number, rx: number, ry: number): string =>
  svg`<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"/>`;
const both = (draw: (side: number) => string): string => draw(-1) + draw(1);

function eyesShape(g: Face): string {
  return both((side) => ellipse(g.fx + side * (g.eyeDx + 1.5), g.eyeY - 0.5, g.eyeW + 5.5, g.eyeH * 1.9));
}

function browsShape(g: Face): string {
  return both(
    (side) =>
      svg`<path d="M${g.fx + side * 8} ${g.browY + 10}Q${g.fx + side * 5} ${g.browY - 12} ${g.fx + side * 17} ${g.browY - 16}Q${g.fx + side * 40} ${g.browY - 21} ${g.fx + side * 50} ${g.browY + 9}Q${g.fx + side * 30} ${g.browY + 5} ${g.fx + side * 9} ${g.browY + 9}Z"/>`,
  );
}

function cheeksShape(g: Face): string {
  return both((side) => ellipse(g.fx + side * 36, 154, 23, 18));
}

function lipsShape(a: Attributes, g: Face): string {
  return path(mouthShape(a, g, 1.5).outline) + path(mouthShape(a, g).outline);
}

/** Where closed, open, smiling and sad mouths reach. */
function mouthArea(g: Face): string {
  return ellipse(g.fx, g.mouthY + 4, 35, 22);
}

function foreheadShape(a: Attributes, g: Face): string {
  const w = g.w - 2;
  return (
    svg`<path d="M${g.cx - w} 108Q${g.cx - w + 4} 74 ${g.cx - w * 0.6} 62Q${g.cx} 48 ${g.cx + w * 0.6} 62Q${g.cx + w - 4} 74 ${g.cx + w} 108Q${g.cx} ${g.browY - 6} ${g.cx - w} 108Z"/>` +
    path(bangsPath(a, g, "straight")) +
    path(bangsPath(a, g, "side"))
  );
}

function hairlineBand(g: Face): string {
  const w = g.w + 2;
  const y = NORMAL_HAIRLINE;
  return svg`<path d="M${g.cx - w} 112C${g.cx - w} 80 ${g.cx - w * 0.7} ${y - 27} ${g.cx} ${y - 27}C${g.cx + w * 0.7} ${y - 27} ${g.cx + w} 80 ${g.cx + w} 112L${g.cx + w - 9} 112C${g.cx + w - 13} 94 ${g.cx + w * 0.6} ${y + 9} ${g.cx} ${y + 8}C${g.cx - w * 0.6} ${y + 9} ${g.cx - w + 13} 94 ${g.cx - w + 9} 112Z"/>`;
}

/** Layers of a region as SVG on black, in canvas units. */
export function regionSvg(a: Attributes, region: Region): string {
  const g = face(a);
  const head = (content: string): string => `<g transform="${g.headTransform}">${content}</g>`;
  const body = (content: string): string => `<g transform="${g.bodyTransform}">${content}</g>`;
  const bangs = a.bangs === "none" || a.hairStyle === "bald" ? "" : path(bangsPath(a, g));
  const hat = hatShapes(a, g);
  switch (region) {
    case "beard":
      return head(inside(path(fullBeardPath({ ...a, beardLength: Math.max(a.beardLength, 0.5) }, g, 2)), 4));
    case "face_shape":
      return head(
        inside(
          svg`<path d="M${g.cx - g.w - 5} ${g.eyeY + 6}C${g.cx - g.w - 5} ${g.eyeY + 44} ${g.cx - g.jawW - 10} ${g.jawY - 12} ${g.cx - g.jawW - 5} ${g.jawY + 6}C${g.cx - g.jawW + 4} ${g.chinY} ${g.cx - 24} ${g.chinY + 7} ${g.cx} ${g.chinY + 7}C${g.cx + 24} ${g.chinY + 7} ${g.cx + g.jawW - 4} ${g.chinY} ${g.cx + g.jawW + 5} ${g.jawY + 6}C${g.cx + g.jawW + 10} ${g.jawY - 12} ${g.cx + g.w + 5} ${g.eyeY + 44} ${g.cx + g.w + 5} ${g.eyeY + 6}Q${g.cx} ${g.eyeY + 26} ${g.cx - g.w - 5} ${g.eyeY + 6}Z"/>`,
        ),
      );
    case "chin": {
      const r = g.jawW * 0.82;
      return head(
        inside(
          svg`<path d="M${g.cx - r} ${g.chinY - 22}C${g.cx - r} ${g.chinY + 10} ${g.cx - 22} ${g.chinY + 17} ${g.cx} ${g.chinY + 17}C${g.cx + 22} ${g.chinY + 17} ${g.cx + r} ${g.chinY + 10} ${g.cx + r} ${g.chinY - 22}Q${g.cx} ${g.chinY - 8} ${g.cx - r} ${g.chinY - 22}Z"/>`,
        ) + inside(ellipse(g.fx, g.chinY - 8, 26, 14)),
      );
    }
    case "skin":
      return (
        body(inside(path(neckPath(g))) + outside(path(clothesPath(a, g)))) +
        head(
          inside(earShapes(g) + path(headPath(g))) +
            (a.doubleChin === "double" ? inside(ellipse(g.cx, g.chinY - 2, g.jawW * 0.74, 16)) : "") +
            (a.eyes === "open" ? outside(both((side) => path(eyePath(g, side)))) : "") +
            outside(frontHair(a, g) + bangs + hat),
        )
      );
    case "hair": {
      const scalp = path(capPath({ ...a, hairStyle: a.hairStyle === "bald" ? "short" : a.hairStyle }, g));
      return (
        head(inside(backHair(a, g))) +
        body(outside(path(neckPath(g)) + path(clothesPath(a, g)))) +
        head(
          outside(path(headPath(g)) + earShapes(g)) + inside(frontHair(a, g) + bangs + scalp) + outside(hat),
        )
      );
    }
    case "hairline":
      return head(inside(hairlineBand(g)));
    case "forehead":
      return head(inside(foreheadShape(a, g), 7));
    case "mouth":
      return head(inside(mouthArea(g)));
    case "lips":
      return head(inside(lipsShape(a, g), 4));
    case "nose": {
      const x = g.fx + a.yaw * 0.5;
      return head(
        inside(
          svg`<path d="M${x - 9} 112L${x + 9} 112Q${x + 20} 130 ${x + 27} ${g.noseY - 4}Q${x + 29} ${g.noseY + 14} ${x} ${g.noseY + 15}Q${x - 29} ${g.noseY + 14} ${x - 27} ${g.noseY - 4}Q${x - 20} 130 ${x - 9} 112Z"/>`,
        ),
      );
    }
    case "eyebrows":
      return head(inside(browsShape(g)));
    case "under_eyes":
      return head(inside(both((side) => ellipse(g.fx + side * g.eyeDx, g.eyeY + g.eyeH + 5, 18, 9))));
    case "pupils":
      return head(
        inside(
          both((side) =>
            ellipse(g.fx + side * g.eyeDx + a.yaw * 0.35, g.eyeY - 0.5, g.eyeH + 0.5, g.eyeH + 0.5),
          ),
        ),
      );
    case "eyes":
      return head(inside(eyesShape(g)));
    case "makeup":
      return head(
        inside(
          both((side) => ellipse(g.fx + side * (g.eyeDx + 2), g.eyeY - 3, g.eyeW * 1.5, g.eyeH * 2.2)) +
            cheeksShape(g) +
            lipsShape(a, g),
        ),
      );
    case "cheeks":
      return head(inside(cheeksShape(g)));
    case "expression":
      return head(
        inside(
          ellipse(g.fx, g.mouthY + 1, 41, 26) +
            both((side) => ellipse(g.fx + side * 35, 158, 21, 22)) +
            eyesShape(g) +
            browsShape(g),
        ),
      );
    case "eyeglasses":
      return head(inside(glassesEnvelope(g)));
  }
}
