import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, lighten, skinColor } from "../palette.ts";
import { glow, svg } from "../svg.ts";

/** The nose: a lit bridge, a shaded flank, wings and nostrils. */
export function drawNose(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const dark = lighten(skin, -0.5);
  const deep = lighten(skin, -0.74);
  const lit = lighten(skin, 0.42);
  const x = g.fx + a.yaw * 0.5;
  const half = (a.nose === "big" ? 18 : a.nose === "pointy" ? 9 : 12.5) * a.noseSize;
  const tip = g.noseY + (a.nose === "pointy" ? 4 : a.nose === "big" ? 2 : 0);
  const away = a.light < 0 ? 1 : -1;
  let out = glow("noseShade", x + away * half * 0.55, 142, half * 0.8, 24, dark, 0.5);
  out += glow("noseUnder", x, tip + 4, half * 1.35, 7, deep, 0.42);
  out += glow("noseBridge", x - away * 2, 134, 5, 24, lit, 0.55);
  out += glow("noseTip", x - away * 2, tip - 6, half * 0.62, a.nose === "big" ? 9 : 7, lit, 0.7);
  if (a.nose === "pointy") {
    out += svg`<path d="M${x + away * 5} 116Q${x + away * 6} 138 ${x + away * half} ${tip - 5}Q${x + away * 4} ${tip - 3} ${x} ${tip + 3}Q${x - away * 5} ${tip - 2} ${x - away * half} ${tip - 4}" fill="none" stroke="${css(deep, 0.72)}" stroke-width="1.9" stroke-linejoin="round" stroke-linecap="round"/>`;
  } else {
    for (const side of [-1, 1]) {
      out += svg`<path d="M${x + side * half * 0.86} ${tip - 10}Q${x + side * (half + 3)} ${tip - 1} ${x + side * half * 0.6} ${tip + 1}" fill="none" stroke="${css(deep, 0.6)}" stroke-width="1.9" stroke-linecap="round"/>`;
    }
    out += svg`<path d="M${x - half * 0.32} ${tip + 2}Q${x} ${tip + 5} ${x + half * 0.32} ${tip + 2}" fill="none" stroke="${css(deep, 0.5)}" stroke-width="1.6" stroke-linecap="round"/>`;
  }
  const nostril = a.nose === "pointy" ? 2 : half * 0.24;
  for (const side of [-1, 1]) {
    out += svg`<ellipse cx="${x + side * half * 0.5}" cy="${tip - (a.nose === "pointy" ? 1 : 0)}" rx="${nostril}" ry="1.7" fill="${css(deep, 0.85)}"/>`;
  }
  return out;
}
