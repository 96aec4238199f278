import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, HAIR_COLORS, lighten } from "../palette.ts";
import { stream } from "../random.ts";
import { linear, svg } from "../svg.ts";

/** Units a full beard hangs below the chin. */
function hang(a: Attributes): number {
  return 5 + a.beardLength * 11;
}

/** Outline of a full beard: sideburns, jaw, chin and moustache in one. */
export function fullBeardPath(a: Attributes, g: Face, grow = 0): string {
  const { cx, fx } = g;
  const w = g.w + grow;
  const jaw = g.jawW + 3 + grow;
  const low = g.chinY + hang(a) + grow;
  const chin = g.chinW + 10;
  const cheek = g.noseY + 12 - grow;
  return svg`M${cx - w + 0.5} ${g.eyeY + 16}C${cx - w} ${g.eyeY + 36} ${cx - jaw - 3} ${g.jawY - 22} ${cx - jaw} ${g.jawY + 2}C${cx - jaw + 4} ${low - 10} ${cx - chin} ${low} ${cx} ${low}C${cx + chin} ${low} ${cx + jaw - 4} ${low - 10} ${cx + jaw} ${g.jawY + 2}C${cx + jaw + 3} ${g.jawY - 22} ${cx + w} ${g.eyeY + 36} ${cx + w - 0.5} ${g.eyeY + 16}C${cx + w - 9 - grow} ${g.eyeY + 30} ${fx + 45 - grow} ${cheek + 4} ${fx + 32} ${cheek + 7}Q${fx + 22} ${cheek - 5} ${fx} ${cheek - 5}Q${fx - 22} ${cheek - 5} ${fx - 32} ${cheek + 7}C${fx - 45 + grow} ${cheek + 4} ${cx - w + 9 + grow} ${g.eyeY + 30} ${cx - w + 0.5} ${g.eyeY + 16}Z`;
}

function goateePath(a: Attributes, g: Face): string {
  const x = g.fx;
  const low = g.chinY + hang(a) * 0.75;
  const y = g.mouthY;
  return svg`M${x - 25} ${y - 6}Q${x - 30} ${y + 14} ${x - 20} ${g.chinY - 4}Q${x - 12} ${low} ${x} ${low}Q${x + 12} ${low} ${x + 20} ${g.chinY - 4}Q${x + 30} ${y + 14} ${x + 25} ${y - 6}Q${x + 20} ${y + 9} ${x} ${y + 10}Q${x - 20} ${y + 9} ${x - 25} ${y - 6}Z${moustachePath(g, 27)}`;
}

function moustachePath(g: Face, half: number): string {
  const x = g.fx;
  const y = g.noseY + 7;
  return svg`M${x} ${y + 1}Q${x - 13} ${y - 3} ${x - half + 4} ${y + 9}Q${x - half} ${y + 15} ${x - half - 2} ${y + 20}Q${x - 15} ${y + 18} ${x} ${y + 16}Q${x + 15} ${y + 18} ${x + half + 2} ${y + 20}Q${x + half} ${y + 15} ${x + half - 4} ${y + 9}Q${x + 13} ${y - 3} ${x} ${y + 1}Z`;
}

/** The beard with its hairs; the mouth is drawn over it. */
export function drawBeard(a: Attributes, g: Face): string {
  if (a.beard === "none") return "";
  const color = HAIR_COLORS[a.beardColor];
  const d =
    a.beard === "full" ? fullBeardPath(a, g) : a.beard === "goatee" ? goateePath(a, g) : moustachePath(g, 27);
  let out = linear(
    "beard",
    [0, 160],
    [0, g.chinY + 14],
    [
      [0, lighten(color, 0.06), 1],
      [1, lighten(color, -0.22), 1],
    ],
  );
  out += `<clipPath id="beardClip"><path d="${d}"/></clipPath><path d="${d}" fill="url(#beard)" stroke="${css(color)}" stroke-width="1.6" stroke-dasharray="2 1.2"/>`;
  const r = stream(a.seed, "beard hairs");
  let light = "";
  let dark = "";
  for (let i = 0; i < 150; i++) {
    const x = g.cx + r.between(-g.w, g.w);
    const y = r.between(g.eyeY + 18, g.chinY + 14);
    const lean = ((x - g.cx) / g.w) * -3 + r.between(-1.5, 1.5);
    const hair = svg`M${x} ${y}q${lean * 0.3} 4 ${lean} ${r.between(6, 11)}`;
    if (i % 2 === 0) light += hair;
    else dark += hair;
  }
  out += `<g clip-path="url(#beardClip)" fill="none" stroke-width="1.1" stroke-linecap="round"><path d="${dark}" stroke="${css(lighten(color, -0.5), 0.6)}"/><path d="${light}" stroke="${css(lighten(color, 0.36), 0.5)}"/></g>`;
  return out;
}
