import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, hsl, lighten, skinColor } from "../palette.ts";
import { glow, linear, svg } from "../svg.ts";

export function neckPath(g: Face): string {
  const n = g.w * 0.6;
  return svg`M${g.cx - n} 170L${g.cx - n} 222Q${g.cx - n - 4} 240 ${g.cx - n - 30} 250L${g.cx - n - 30} 280L${g.cx + n + 30} 280L${g.cx + n + 30} 250Q${g.cx + n + 4} 240 ${g.cx + n} 222L${g.cx + n} 170Z`;
}

/** Shoulders with the neckline of the garment cut out. */
export function clothesPath(a: Attributes, g: Face): string {
  const n = g.w * 0.6;
  const { cx } = g;
  const dip = { crew: 250, collar: 258, vneck: 276, turtleneck: 226 }[a.clothing];
  const top = a.clothing === "turtleneck" ? 220 : 233;
  return svg`M-30 300L-30 274Q-6 252 ${cx - n - 30} 243Q${cx - n - 10} ${top + 6} ${cx - n - 1} ${top}Q${cx} ${dip * 2 - top} ${cx + n + 1} ${top}Q${cx + n + 10} ${top + 6} ${cx + n + 30} 243Q262 252 286 274L286 300Z`;
}

export function drawNeck(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const side = g.w * 0.6;
  const fill = linear(
    "neck",
    [g.cx - side, 0],
    [g.cx + side, 0],
    [
      [0, lighten(skin, a.light < 0 ? -0.08 : -0.34), 1],
      [0.5, lighten(skin, -0.1), 1],
      [1, lighten(skin, a.light < 0 ? -0.34 : -0.08), 1],
    ],
  );
  // The chin's shadow belongs to the neck, in the skin's own dark.
  return `${fill}<path d="${neckPath(g)}" fill="url(#neck)"/>${glow("chinShade", g.cx - a.light * 6, 206, g.w * 0.85, 40, lighten(skin, -0.72), 0.75)}`;
}

export function drawClothes(a: Attributes, g: Face): string {
  const color = hsl(a.clothingHue, 0.38, a.clothingLight);
  const { cx } = g;
  const n = g.w * 0.6;
  let out = linear(
    "cloth",
    [0, 226],
    [0, 262],
    [
      [0, lighten(color, 0.14), 1],
      [1, lighten(color, -0.22), 1],
    ],
  );
  out += `<path d="${clothesPath(a, g)}" fill="url(#cloth)"/>`;
  const seam = css(lighten(color, -0.45), 0.55);
  if (a.clothing === "collar") {
    const flap = css(lighten(color, 0.24));
    out += svg`<path d="M${cx - n - 4} 230L${cx - n - 12} 248L${cx - 14} 272L${cx - 2} 258Z" fill="${flap}" stroke="${seam}" stroke-width="1"/>`;
    out += svg`<path d="M${cx + n + 4} 230L${cx + n + 12} 248L${cx + 14} 272L${cx + 2} 258Z" fill="${flap}" stroke="${seam}" stroke-width="1"/>`;
  }
  if (a.clothing === "crew" || a.clothing === "turtleneck") {
    const top = a.clothing === "crew" ? 233 : 220;
    const dip = a.clothing === "crew" ? 267 : 232;
    out += svg`<path d="M${cx - n - 1} ${top + 3}Q${cx} ${dip} ${cx + n + 1} ${top + 3}" fill="none" stroke="${seam}" stroke-width="2"/>`;
  }
  return out;
}
