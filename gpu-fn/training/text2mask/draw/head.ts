import type { Attributes } from "../attributes.ts";
import { type Face, headPath } from "../geometry.ts";
import { css, lighten, mix, skinColor } from "../palette.ts";
import { stream } from "../random.ts";
import { glow, linear, radial, svg } from "../svg.ts";

/** Both ears. */
export function earShapes(g: Face, grow = 0): string {
  return [-1, 1]
    .map(
      (side) =>
        svg`<ellipse cx="${g.cx + side * (g.w + 1)}" cy="${g.eyeY + 8}" rx="${8.5 + grow}" ry="${16 + grow}"/>`,
    )
    .join("");
}

/** Ears, the head's base tone and the large light and shadow on it. */
export function drawHead(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const dark = lighten(skin, -0.5);
  const lit = lighten(skin, 0.3 - a.skinTone * 0.1);
  const lx = g.cx + a.light * 20;
  let out = `<g fill="${css(lighten(skin, -0.1))}" stroke="${css(dark, 0.35)}" stroke-width="1">${earShapes(g)}</g>`;
  out += [-1, 1]
    .map(
      (side) =>
        svg`<ellipse cx="${g.cx + side * (g.w + 2)}" cy="${g.eyeY + 8}" rx="4" ry="9" fill="${css(dark, 0.35)}"/>`,
    )
    .join("");
  out += radial("skin", lx, 112, 108, [
    [0, lighten(skin, 0.12), 1],
    [0.55, skin, 1],
    [0.86, lighten(skin, -0.16), 1],
    [1, lighten(skin, -0.34), 1],
  ]);
  out += `<path d="${headPath(g)}" fill="url(#skin)"/>`;
  const from = a.light < 0 ? g.cx + g.w : g.cx - g.w;
  out += linear(
    "turn",
    [from, 0],
    [g.cx, 0],
    [
      [0, dark, 0.2 + 0.35 * Math.abs(a.light)],
      [1, dark, 0],
    ],
  );
  out += `<path d="${headPath(g)}" fill="url(#turn)"/>`;
  out += glow("foreheadLight", lx, 84, 40, 26, lit, 0.6);
  for (const side of [-1, 1]) {
    out += glow(`socket${side}`, g.fx + side * g.eyeDx, g.eyeY - 4, 25, 19, dark, 0.36);
    out += glow(`cheekLight${side}`, g.fx + side * 33 + a.light * 5, 146, 17, 13, lit, 0.5);
    out += glow(`warm${side}`, g.fx + side * 34, 158, 22, 16, mix(skin, [214, 62, 52], 0.5), 0.28);
  }
  out += glow("chinLight", g.fx + a.light * 5, g.chinY - 11, 15, 8, lit, 0.45);
  out += glow("lipShade", g.fx, g.mouthY + 15, 17, 6, dark, 0.32);
  if (a.age !== "young") {
    const depth = a.age === "old" ? 0.5 : 0.2;
    for (const side of [-1, 1]) {
      const x = g.fx + side * 19;
      out += svg`<path d="M${x - side * 1} ${g.noseY - 1}Q${x + side * 9} ${g.noseY + 8} ${x + side * 9} ${g.mouthY - 4}" fill="none" stroke="${css(dark, depth)}" stroke-width="1.8" stroke-linecap="round"/>`;
      if (a.age === "old") {
        const ex = g.fx + side * (g.eyeDx + g.eyeW + 3);
        for (const dy of [-4, 0, 4]) {
          out += svg`<path d="M${ex} ${g.eyeY + dy * 0.6}L${ex + side * 7} ${g.eyeY + dy * 1.5}" stroke="${css(dark, 0.4)}" stroke-width="1.1" stroke-linecap="round"/>`;
        }
      }
    }
  }
  return out;
}

/** Shadow and bulge below the chin, drawn over the neck and under the head. */
export function drawDoubleChin(a: Attributes, g: Face): string {
  if (a.doubleChin === "none") return "";
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const y = g.chinY;
  const r = g.jawW * 0.78;
  return (
    linear(
      "dc",
      [0, y - 6],
      [0, y + 15],
      [
        [0, lighten(skin, -0.34), 1],
        [0.6, lighten(skin, -0.03), 1],
        [1, lighten(skin, -0.14), 1],
      ],
    ) +
    svg`<path d="M${g.cx - r} ${y - 18}C${g.cx - r} ${y + 8} ${g.cx - 20} ${y + 14} ${g.cx} ${y + 14}C${g.cx + 20} ${y + 14} ${g.cx + r} ${y + 8} ${g.cx + r} ${y - 18}Z" fill="url(#dc)" stroke="${css(lighten(skin, -0.55), 0.7)}" stroke-width="1.6"/>`
  );
}

/** Wrinkles, freckles, rosy cheeks and the skin under the eyes. */
export function drawSkinDetails(a: Attributes, g: Face): string {
  const skin = skinColor(a.skinTone, a.skinWarmth);
  const dark = lighten(skin, -0.52);
  let out = "";
  if (a.wrinkles === "forehead") {
    for (const [i, y] of [82, 88, 94].entries()) {
      const half = 27 - i * 2;
      out += svg`<path d="M${g.fx - half} ${y + 1}Q${g.fx - half / 2} ${y - 3} ${g.fx} ${y}T${g.fx + half} ${y + 1}" fill="none" stroke="${css(dark, 0.62)}" stroke-width="1.7" stroke-linecap="round"/>`;
      out += svg`<path d="M${g.fx - half + 3} ${y + 3}Q${g.fx - half / 2} ${y - 1} ${g.fx} ${y + 2}T${g.fx + half - 3} ${y + 3}" fill="none" stroke="${css(lighten(skin, 0.3), 0.4)}" stroke-width="1.2"/>`;
    }
  }
  if (a.cheeks === "rosy") {
    for (const side of [-1, 1]) {
      out += glow(
        `rosy${side}`,
        g.fx + side * 36,
        154,
        23,
        18,
        mix([232, 44, 60], skin, a.skinTone * 0.25),
        0.72,
      );
    }
  }
  if (a.freckles === "freckles") {
    const r = stream(a.seed, "freckles");
    for (let i = 0; i < 44; i++) {
      const side = i % 2 === 0 ? -1 : 1;
      const x = g.fx + side * r.between(4, 44);
      const y = r.between(138, 162);
      out += svg`<circle cx="${x}" cy="${y}" r="${r.between(0.7, 1.5)}" fill="${css(mix(dark, [120, 50, 20], 0.4), 0.55)}"/>`;
    }
  }
  if (a.underEyes !== "none") {
    for (const side of [-1, 1]) {
      const x = g.fx + side * g.eyeDx;
      const y = g.eyeY + g.eyeH + 5;
      if (a.underEyes === "dark circles") {
        out += glow(`circle${side}`, x, y, 19, 9, mix(dark, [66, 34, 84], 0.55), 0.85);
      } else {
        out += glow(`bag${side}`, x, y, 15, 6, lighten(skin, 0.22), 0.7);
        out += svg`<path d="M${x - 15} ${y - 2}Q${x} ${y + 13} ${x + 15} ${y - 2}" fill="none" stroke="${css(dark, 0.75)}" stroke-width="2.2" stroke-linecap="round"/>`;
      }
    }
  }
  return out;
}
