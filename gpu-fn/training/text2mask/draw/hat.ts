import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, hsl, lighten } from "../palette.ts";
import { linear, svg } from "../svg.ts";

/** Outline of a hat as SVG elements without paint. */
export function hatShapes(a: Attributes, g: Face): string {
  const { cx } = g;
  const w = g.w + 13;
  if (a.hat === "beanie") {
    return svg`<path d="M${cx - w} 84C${cx - w} 30 ${cx - w * 0.6} 14 ${cx} 14C${cx + w * 0.6} 14 ${cx + w} 30 ${cx + w} 84Q${cx} 70 ${cx - w} 84Z"/>`;
  }
  if (a.hat === "cap") {
    return svg`<path d="M${cx - w} 80C${cx - w} 32 ${cx - w * 0.6} 16 ${cx} 16C${cx + w * 0.6} 16 ${cx + w} 32 ${cx + w} 80Q${cx} 64 ${cx - w} 80Z"/><path d="M${cx - w + 6} 78Q${cx} 52 ${cx + w - 6} 78Q${cx} 102 ${cx - w + 6} 78Z"/>`;
  }
  return "";
}

export function drawHat(a: Attributes, g: Face): string {
  if (a.hat === "none") return "";
  const color = hsl(a.clothingHue + 150, 0.4, 0.25 + a.clothingLight * 0.4);
  const { cx } = g;
  const w = g.w + 13;
  let out = linear(
    "hat",
    [cx - w, 20],
    [cx + w, 90],
    [
      [0, lighten(color, a.light < 0 ? 0.28 : -0.05), 1],
      [0.5, color, 1],
      [1, lighten(color, a.light < 0 ? -0.35 : 0.12), 1],
    ],
  );
  out += `<g fill="url(#hat)" stroke="${css(lighten(color, -0.5), 0.5)}" stroke-width="1.2">${hatShapes(a, g)}</g>`;
  if (a.hat === "beanie") {
    out += svg`<path d="M${cx - w} 86Q${cx} 70 ${cx + w} 86L${cx + w} 66Q${cx} 48 ${cx - w} 66Z" fill="${css(lighten(color, 0.12))}"/>`;
    let ribs = "";
    for (let i = 1; i < 16; i++) {
      const x = cx - w + (2 * w * i) / 16;
      const bow = 8 * (1 - ((x - cx) / w) ** 2);
      ribs += svg`M${x} ${66 - bow}L${x} ${85 - bow}`;
    }
    out += `<path d="${ribs}" stroke="${css(lighten(color, -0.4), 0.5)}" stroke-width="1.3" fill="none"/>`;
  }
  return out;
}

/** Studs or hoops at the lobes. */
export function drawEarrings(a: Attributes, g: Face): string {
  if (a.earrings === "none") return "";
  return [-1, 1]
    .map((side) => {
      const x = g.cx + side * (g.w + 3);
      const y = g.eyeY + 24;
      return a.earrings === "studs"
        ? svg`<circle cx="${x}" cy="${y}" r="3.2" fill="rgb(236,240,246)" stroke="rgb(120,124,140)" stroke-width="0.8"/>`
        : svg`<circle cx="${x}" cy="${y + 9}" r="8.5" fill="none" stroke="rgb(216,172,66)" stroke-width="2.4"/>`;
    })
    .join("");
}
