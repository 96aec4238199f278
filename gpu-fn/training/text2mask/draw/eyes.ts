import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, EYE_COLORS, EYE_SHADOWS, HAIR_COLORS, lighten, mix, skinColor } from "../palette.ts";
import { stream } from "../random.ts";
import { glow, radial, svg } from "../svg.ts";

/** The opening between the lids. */
export function eyePath(g: Face, side: number): string {
  const x = g.fx + side * g.eyeDx;
  const { eyeW: w, eyeH: h, eyeY: y } = g;
  return svg`M${x - w} ${y + (side < 0 ? -1 : 1.5)}C${x - w * 0.55} ${y - h * 1.4} ${x + w * 0.55} ${y - h * 1.4} ${x + w} ${y + (side < 0 ? 1.5 : -1)}C${x + w * 0.5} ${y + h * 1.15} ${x - w * 0.5} ${y + h * 1.15} ${x - w} ${y + (side < 0 ? -1 : 1.5)}Z`;
}

/** Upper lid's line from the inner to the outer corner; `drop` bends it down for closed eyes. */
function lidLine(g: Face, side: number, drop: number): string {
  const x = g.fx + side * g.eyeDx;
  const { eyeW: w, eyeH: h, eyeY: y } = g;
  return svg`M${x - w} ${y + (side < 0 ? -1 : 1.5)}C${x - w * 0.55} ${y + drop * h} ${x + w * 0.55} ${y + drop * h} ${x + w} ${y + (side < 0 ? 1.5 : -1)}`;
}

function lashes(a: Attributes, g: Face, side: number): string {
  const x = g.fx + side * g.eyeDx;
  const closed = a.eyes === "closed";
  const long = a.makeup === "heavy" ? 6.5 : a.makeup === "light" || a.gender === "woman" ? 4 : 0;
  if (long === 0 && !closed) return "";
  const count = a.makeup === "heavy" ? 7 : 5;
  let d = "";
  for (let i = 0; i < count; i++) {
    const t = 0.34 + (0.66 * i) / (count - 1);
    const px = x + side * (t * 2 - 1) * g.eyeW;
    const bend = 1 - (t * 2 - 1) ** 2;
    const py = g.eyeY + (closed ? bend * g.eyeH * 0.75 : -bend * g.eyeH * 1.05 - 0.4);
    const length = (long || 3) * (0.7 + 0.3 * t);
    d += svg`M${px} ${py}L${px + side * length * (t - 0.3)} ${py + (closed ? length * 0.75 : -length * 0.85)}`;
  }
  return `<path d="${d}" fill="none" stroke="rgb(24,16,18)" stroke-width="1.4" stroke-linecap="round"/>`;
}

/** Eyes with their make-up: shadow on the lids first, then the eyeballs, lids and lashes. */
export function drawEyes(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const shadow = EYE_SHADOWS[a.eyeShadow] ?? [116, 64, 150];
  const lid = css(mix(lighten(skin, -0.72), [30, 18, 20], 0.5));
  const iris = EYE_COLORS[a.eyeColor];
  const { eyeW: w, eyeH: h, eyeY: y } = g;
  const irisR = h * 0.98;
  let out = "";
  for (const side of [-1, 1]) {
    const id = side < 0 ? "L" : "R";
    const x = g.fx + side * g.eyeDx;
    const look = x + a.yaw * 0.35;
    if (a.makeup !== "none") {
      const strong = a.makeup === "heavy";
      out += glow(`shadow${id}`, x + side * 2, y - h * 0.9, w * 1.45, h * 1.75, shadow, strong ? 1 : 0.55);
      if (strong)
        out += glow(
          `shadowIn${id}`,
          x + side * 3,
          y - h * 0.8,
          w * 1.2,
          h * 1.2,
          lighten(shadow, -0.25),
          0.85,
        );
    }
    if (a.eyes === "closed") {
      out += `<path d="${eyePath(g, side)}" fill="${css(lighten(a.makeup === "heavy" ? mix(skin, shadow, 0.65) : skin, -0.04))}"/>`;
      out += `<path d="${lidLine(g, side, 1.05)}" fill="none" stroke="${lid}" stroke-width="2.6" stroke-linecap="round"/>`;
    } else {
      out += `<clipPath id="eye${id}"><path d="${eyePath(g, side)}"/></clipPath><g clip-path="url(#eye${id})">`;
      out += radial(`white${id}`, x, y + 1, w, [
        [0, [253, 252, 250], 1],
        [0.7, [240, 237, 236], 1],
        [1, [196, 182, 180], 1],
      ]);
      out += svg`<rect x="${x - w - 2}" y="${y - h * 2}" width="${w * 2 + 4}" height="${h * 4}" fill="url(#white${id})"/>`;
      out += radial(`iris${id}`, look, y + 1.5, irisR, [
        [0, lighten(iris, 0.3), 1],
        [0.72, iris, 1],
        [1, lighten(iris, -0.6), 1],
      ]);
      out += svg`<circle cx="${look}" cy="${y - 0.5}" r="${irisR}" fill="url(#iris${id})"/>`;
      out += svg`<circle cx="${look}" cy="${y - 0.5}" r="${a.pupils === "dilated" ? irisR * 0.74 : irisR * 0.42}" fill="rgb(12,8,10)"/>`;
      out += svg`<ellipse cx="${x}" cy="${y - h * 1.1}" rx="${w}" ry="${h * 0.62}" fill="rgba(30,14,20,0.3)"/>`;
      out += svg`<circle cx="${look + a.light * 2 + 1.6}" cy="${y - 3.2}" r="2" fill="rgb(255,255,255)"/>`;
      out += svg`<circle cx="${look - a.light * 2 - 2.4}" cy="${y + 2.6}" r="1" fill="rgba(255,255,255,0.6)"/></g>`;
      out += `<path d="${lidLine(g, side, -1.4)}" fill="none" stroke="${lid}" stroke-width="${a.makeup === "heavy" ? 3.4 : a.gender === "woman" ? 2.6 : 2.1}" stroke-linecap="round"/>`;
      out += `<path d="${lidLine(g, side, 1.15)}" fill="none" stroke="${css(lighten(skin, -0.6), 0.45)}" stroke-width="1.1"/>`;
    }
    out += svg`<path d="M${x - w * 0.86} ${y - h * 0.85}Q${x} ${y - h * 2.15} ${x + w * 0.86} ${y - h * 0.85}" fill="none" stroke="${css(lighten(skin, -0.55), 0.5)}" stroke-width="1.3" stroke-linecap="round"/>`;
    out += lashes(a, g, side);
  }
  return out;
}

/** Eyebrows, tapered; bushy ones with hairs that stand out. */
export function drawBrows(a: Attributes, g: Face): string {
  const r = stream(a.seed, "brow hairs");
  const skin = skinColor(a.skinTone, 0);
  const hair = HAIR_COLORS[a.browColor];
  // Brows are a little darker than light hair, and lighter than skin only when the hair is gray or white.
  const color = a.browColor === "blond" ? mix(hair, [110, 74, 34], 0.45) : mix(hair, skin, 0.08);
  const thick = { natural: 6, bushy: 11, thin: 3, arched: 5 }[a.eyebrows];
  const arch = a.eyebrows === "arched" ? 10 : a.eyebrows === "bushy" ? 3 : 4;
  const sad = a.expression === "sad" ? 5 : 0;
  let out = "";
  for (const side of [-1, 1]) {
    const at = (dx: number, y: number): string => svg`${g.fx + side * dx} ${y}`;
    const inner = g.browY + 2 - sad;
    const outer = g.browY + 4 + sad * 0.5;
    out += `<path d="M${at(12, inner + thick * 0.45)}Q${at(12, inner - thick * 0.5)} ${at(15, inner - thick * 0.5)}Q${at(31, inner - arch - thick * 0.62)} ${at(43, outer)}Q${at(31, inner - arch + thick * 0.5)} ${at(12, inner + thick * 0.45)}Z" fill="${css(color, a.eyebrows === "thin" ? 0.95 : 0.92)}"/>`;
    if (a.eyebrows === "thin") continue;
    let hairs = "";
    for (let i = 0; i < 9; i++) {
      const t = i / 8;
      const x = 13 + t * 26;
      const y = inner - Math.sin(t * 2.2) * arch * 0.62 + thick * 0.3;
      const length = thick * r.between(0.6, 0.95);
      hairs += `M${at(x, y)}L${at(x + 3.5 + t * 3, y - length * (1 - t * 0.55))}`;
    }
    out += `<path d="${hairs}" fill="none" stroke="${css(lighten(color, -0.25), 0.6)}" stroke-width="1.2" stroke-linecap="round"/>`;
  }
  return out;
}
