import type { Attributes } from "../attributes.ts";
import { hsl, lighten } from "../palette.ts";
import { stream } from "../random.ts";
import { glow, linear, radial, svg } from "../svg.ts";

const FULL = 'x="0" y="0" width="256" height="256"';

/** A soft backdrop: a diagonal gradient with bokeh or a studio light. */
export function drawBackground(a: Attributes): string {
  const r = stream(a.seed, "backdrop");
  const base = hsl(a.backgroundHue, 0.2, a.backgroundLight);
  const side = a.light < 0 ? 0 : 256;
  let out = linear(
    "bg",
    [side, 0],
    [256 - side, 256],
    [
      [0, lighten(base, 0.26), 1],
      [0.55, base, 1],
      [1, lighten(base, -0.28), 1],
    ],
  );
  out += `<rect ${FULL} fill="url(#bg)"/>`;
  if (a.background === "studio") out += glow("bgs", 128 + a.light * 50, 96, 150, 150, [255, 250, 240], 0.38);
  if (a.background === "bokeh") {
    for (let i = 0; i < 9; i++) {
      const x = r.between(0, 256);
      const y = r.between(0, 200);
      const size = r.between(14, 38);
      const color = lighten(
        hsl(a.backgroundHue + r.between(-35, 35), 0.35, a.backgroundLight),
        r.between(0.1, 0.5),
      );
      const opacity = r.between(0.14, 0.34);
      out += radial(`bk${i}`, x, y, size, [
        [0, color, opacity * 0.8],
        [0.86, color, opacity],
        [1, color, 0],
      ]);
      out += svg`<circle cx="${x}" cy="${y}" r="${size}" fill="url(#bk${String(i)})"/>`;
    }
  }
  return out;
}

/** Darkens the corners slightly, over everything. */
export function drawVignette(): string {
  const edge = radial("vig", 128, 122, 186, [
    [0, [0, 0, 0], 0],
    [0.62, [0, 0, 0], 0],
    [1, [10, 6, 20], 0.34],
  ]);
  return `${edge}<rect ${FULL} fill="url(#vig)"/>`;
}
