import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, FRAME_COLORS, lighten, type Rgb } from "../palette.ts";
import { linear, svg } from "../svg.ts";

/** One lens as an SVG element without paint. */
function lens(shape: Attributes["frameShape"], x: number, y: number, side: number): string {
  switch (shape) {
    case "round":
      return svg`<circle cx="${x}" cy="${y}" r="19.5"/>`;
    case "oval":
      return svg`<ellipse cx="${x}" cy="${y}" rx="21" ry="15"/>`;
    case "square":
      return svg`<rect x="${x - 20.5}" y="${y - 15.5}" width="41" height="31" rx="6"/>`;
    case "cat-eye":
      return svg`<path d="M${x - side * 19} ${y - 11}Q${x + side * 6} ${y - 16} ${x + side * 25} ${y - 20}Q${x + side * 24} ${y + 13} ${x + side * 2} ${y + 16}Q${x - side * 19} ${y + 16} ${x - side * 19} ${y - 11}Z"/>`;
  }
}

/** Area that any pair of glasses may take: lenses, bridge and temples, a little larger than the frames. */
export function glassesEnvelope(g: Face): string {
  const y = g.eyeY + 1;
  const parts = [-1, 1].map((side) => {
    const x = g.fx + side * g.eyeDx;
    return svg`<rect x="${x - 24}" y="${y - 22}" width="48" height="45" rx="13"/><path d="M${x + side * 14} ${y - 23}L${x + side * 29} ${y - 24}L${x + side * 28} ${y - 6}L${x + side * 14} ${y}Z"/><path d="M${x + side * 20} ${y - 14}L${g.cx + side * (g.w + 3)} ${y - 14}L${g.cx + side * (g.w + 3)} ${y + 1}L${x + side * 20} ${y + 1}Z"/>`;
  });
  return `${parts.join("")}${svg`<rect x="${g.fx - 9}" y="${y - 11}" width="18" height="14"/>`}`;
}

/** Frames at least 2 px thick at 128 px, with a glint; sunglasses with dark lenses. */
export function drawGlasses(a: Attributes, g: Face): string {
  if (a.eyewear === "none") return "";
  const dark = a.eyewear === "sunglasses";
  const frame: Rgb = FRAME_COLORS[a.frameColor];
  const y = g.eyeY + 1;
  let lenses = "";
  let temples = "";
  let glints = "";
  for (const side of [-1, 1]) {
    const x = g.fx + side * g.eyeDx;
    lenses += lens(a.frameShape, x, y, side);
    temples += svg`M${x + side * 20} ${y - 6}L${g.cx + side * (g.w + 1)} ${y - 8}`;
    glints += svg`M${x - 14} ${y + 2}L${x - 5} ${y - 10}M${x - 10} ${y + 6}L${x - 6} ${y + 1}`;
  }
  const inner = g.eyeDx - 19.5;
  const bridge = svg`M${g.fx - inner - 1} ${y - 3}Q${g.fx} ${y - 10} ${g.fx + inner + 1} ${y - 3}`;
  let out = linear(
    "lens",
    [0, y - 18],
    [0, y + 18],
    [
      [0, dark ? [14, 14, 18] : [225, 238, 255], dark ? 0.97 : 0.14],
      [1, dark ? [62, 56, 60] : [225, 238, 255], dark ? 0.93 : 0.05],
    ],
  );
  // A shadow on the skin just below the frames, inside the envelope.
  out += `<g fill="none" stroke="rgba(20,8,10,0.22)" stroke-width="4.6" transform="translate(0 2)">${lenses}</g>`;
  out += `<g fill="url(#lens)" stroke="${css(frame)}" stroke-width="4.8">${lenses}</g>`;
  out += `<path d="${temples}${bridge}" fill="none" stroke="${css(frame)}" stroke-width="4.4" stroke-linecap="butt"/>`;
  out += `<path d="${glints}" fill="none" stroke="rgba(255,255,255,${dark ? 0.32 : 0.42})" stroke-width="2" stroke-linecap="round"/>`;
  out += `<g fill="none" stroke="${css(lighten(frame, 0.45), 0.4)}" stroke-width="0.9" transform="translate(0 -1.2)">${lenses}</g>`;
  return out;
}
