import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, LIPSTICKS, lighten, luma, mix, type Rgb, skinColor } from "../palette.ts";
import { glow, linear, svg } from "../svg.ts";

interface MouthShape {
  upper: string;
  lower: string;
  cavity: string;
  teeth: string;
  tongue: string;
  outline: string;
  opening: number;
}

/** Paths of the mouth. `swell` scales the lips' thickness (regions draw them at their biggest). */
export function mouthShape(a: Attributes, g: Face, swell = 0): MouthShape {
  const smile = a.expression === "smile";
  const sad = a.expression === "sad";
  const x = g.fx;
  const y = g.mouthY - (smile ? 2 : 0);
  const half = smile ? 29 : a.mouth === "open" ? 17 : sad ? 19 : 21;
  const corner = smile ? -9 : sad ? 6 : 0;
  const opening = smile ? (a.mouth === "open" ? 12 : 8.5) : a.mouth === "open" ? 8.5 : 0;
  const thick = swell || (a.lips === "big" ? 1.5 : a.lips === "thin" ? 0.6 : 1);
  const up = 5.4 * thick;
  const low = 6.6 * thick;
  // Control points of the two inner edges; a curve's middle lies halfway between control and corners.
  const inner = smile ? 6 : sad ? -7 : a.mouth === "open" ? -5 : 2;
  const bottom = inner + 2 * opening;
  const outer = bottom + 2 * low;
  const middle = (inner + corner) / 2;
  const l = x - half;
  const r = x + half;
  const c = y + corner;
  const top = svg`M${l} ${c}C${x - half * 0.6} ${y + middle - up * 0.75 + corner * 0.2} ${x - 9} ${y + middle - up - 1.5} ${x - 5} ${y + middle - up - 1}Q${x} ${y + middle - up + 2.2} ${x + 5} ${y + middle - up - 1}C${x + 9} ${y + middle - up - 1.5} ${x + half * 0.6} ${y + middle - up * 0.75 + corner * 0.2} ${r} ${c}`;
  const belly = svg`C${x + half * 0.45} ${y + outer * 0.72 + corner * 0.05} ${x - half * 0.45} ${y + outer * 0.72 + corner * 0.05} ${l} ${c}Z`;
  const teethBottom = inner + 2 * opening * (smile ? 0.74 : 0.3);
  return {
    upper: top + svg`Q${x} ${y + inner} ${l} ${c}Z`,
    lower: svg`M${l} ${c}Q${x} ${y + bottom} ${r} ${c}${belly}`,
    cavity: svg`M${l} ${c}Q${x} ${y + inner} ${r} ${c}Q${x} ${y + bottom} ${l} ${c}Z`,
    teeth: svg`M${l + 3} ${c + (smile ? 1.2 : 0)}Q${x} ${y + inner} ${r - 3} ${c + (smile ? 1.2 : 0)}Q${x} ${y + teethBottom} ${l + 3} ${c + (smile ? 1.2 : 0)}Z`,
    tongue: svg`M${x - half * 0.5} ${y + (bottom + corner) / 2 - 1.5}Q${x} ${y + (bottom + corner) / 2 - opening * 0.55} ${x + half * 0.5} ${y + (bottom + corner) / 2 - 1.5}Q${x} ${y + (bottom + corner) / 2 + 1} ${x - half * 0.5} ${y + (bottom + corner) / 2 - 1.5}Z`,
    outline: top + belly,
    opening,
  };
}

/** Lips, teeth and the folds of an expression. */
export function drawMouth(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const shape = mouthShape(a, g);
  const painted = a.lipstick !== "none";
  const bare: Rgb = mix(lighten(skin, -0.14), [190, 78, 80], 0.4 - a.skinTone * 0.12);
  const color: Rgb = a.lipstick === "none" ? bare : LIPSTICKS[a.lipstick];
  const dark = lighten(color, -0.42);
  let out = "";
  if (a.expression === "smile") {
    const fold = css(lighten(skin, -0.55), 0.55);
    for (const side of [-1, 1]) {
      out += svg`<path d="M${g.fx + side * 17} ${g.noseY - 2}Q${g.fx + side * 36} ${g.noseY + 6} ${g.fx + side * 35} ${g.mouthY - 5}" fill="none" stroke="${fold}" stroke-width="2" stroke-linecap="round"/>`;
      out += glow(`apple${side}`, g.fx + side * 37, 153, 15, 11, lighten(skin, 0.34), 0.5);
    }
  }
  if (a.expression === "sad") {
    const fold = css(lighten(skin, -0.55), 0.5);
    for (const side of [-1, 1]) {
      out += svg`<path d="M${g.fx + side * 22} ${g.mouthY + 5}Q${g.fx + side * 25} ${g.mouthY + 10} ${g.fx + side * 23} ${g.mouthY + 14}" fill="none" stroke="${fold}" stroke-width="1.8" stroke-linecap="round"/>`;
    }
  }
  out += linear(
    "lipUp",
    [0, g.mouthY - 9],
    [0, g.mouthY + 2],
    [
      [0, lighten(color, painted ? 0.02 : 0.03), 1],
      [1, lighten(color, -0.22), 1],
    ],
  );
  out += linear(
    "lipLow",
    [0, g.mouthY],
    [0, g.mouthY + 14 + shape.opening],
    [
      [0, lighten(color, -0.06), 1],
      [0.5, lighten(color, 0.14), 1],
      [1, lighten(color, -0.14), 1],
    ],
  );
  if (shape.opening > 0) {
    out += `<path d="${shape.cavity}" fill="rgb(62,14,20)"/><path d="${shape.tongue}" fill="rgb(186,84,88)"/>`;
    out += `<path d="${shape.teeth}" fill="rgb(250,247,240)"/>`;
  }
  out += `<path d="${shape.upper}" fill="url(#lipUp)"/><path d="${shape.lower}" fill="url(#lipLow)"/>`;
  if (shape.opening === 0) {
    // The dark line between closed lips is the seam of both paths' inner edges.
    out += `<path d="${shape.cavity}" fill="none" stroke="${css(dark, luma(skin) < 90 ? 0.95 : 0.8)}" stroke-width="1.5" stroke-linejoin="round"/>`;
  }
  const y =
    g.mouthY + 6 + shape.opening * 1.1 + (a.expression === "smile" ? 1 : a.expression === "sad" ? -1 : 0);
  if (a.lips !== "thin")
    out += glow("gloss", g.fx + a.light * 5, y, 8, 2.4, [255, 244, 240], painted ? 0.62 : 0.3);
  return out;
}
