import type { Attributes } from "../attributes.ts";
import type { Face } from "../geometry.ts";
import { css, HAIR_COLORS, lighten, type Rgb } from "../palette.ts";
import { stream } from "../random.ts";
import { glow, linear, svg } from "../svg.ts";
import {
  backHair,
  bangsPath,
  curls,
  frontHair,
  hairEnd,
  hasLocks,
  outerHalf,
  volume,
} from "./hair-shapes.ts";

function tone(a: Attributes): Rgb {
  return lighten(HAIR_COLORS[a.hairColor], a.hairShade * 0.07);
}

/** Dark hair needs brighter highlights than light hair to show its strands. */
function shine(color: Rgb): Rgb {
  return lighten(color, color[0] + color[1] + color[2] < 200 ? 0.26 : 0.42);
}

interface Strands {
  light: string;
  dark: string;
}

function strokes(strands: Strands, color: Rgb, width = 1.3): string {
  return `<g fill="none" stroke-width="${width}" stroke-linecap="round"><path d="${strands.dark}" stroke="${css(lighten(color, -0.45), 0.55)}"/><path d="${strands.light}" stroke="${css(shine(color), 0.55)}"/></g>`;
}

/** Strands hanging down from `top`, between two half widths, wavy where the style is. */
function hanging(a: Attributes, g: Face, name: string, top: number, from: number, count: number): Strands {
  const r = stream(a.seed, name);
  const end = hairEnd(a);
  const result: Strands = { light: "", dark: "" };
  const bend = a.hairStyle === "wavy" ? 5 : 1.2;
  for (let i = 0; i < count; i++) {
    const side = i % 2 === 0 ? -1 : 1;
    const t = r.next();
    const at = (y: number): number => g.cx + side * (from + t * (outerHalf(a, g, y, side) - from));
    let d = svg`M${at(top)} ${top}`;
    let sign = 1;
    for (let y = top + 14; y <= end + 6; y += 18) {
      d += svg`Q${at(y - 4) + sign * bend} ${y - 4} ${at(y + 4)} ${y + 4}`;
      sign = -sign;
    }
    if (r.chance(0.5)) result.light += d;
    else result.dark += d;
  }
  return result;
}

export function drawBackHair(a: Attributes, g: Face): string {
  const shapes = backHair(a, g);
  if (!shapes) return "";
  const color = lighten(tone(a), -0.3);
  let out = linear(
    "hairBack",
    [0, 40],
    [0, hairEnd(a)],
    [
      [0, color, 1],
      [0.5, lighten(color, -0.22), 1],
      [1, lighten(color, -0.05), 1],
    ],
  );
  out += `<clipPath id="backClip">${shapes}</clipPath><g fill="url(#hairBack)">${shapes}</g>`;
  if (hasLocks(a))
    out += `<g clip-path="url(#backClip)">${strokes(hanging(a, g, "back strands", 96, 20, 26), color)}</g>`;
  if (a.hairStyle === "updo") {
    const y = g.crownY - volume(a) - 9;
    let d = "";
    for (let i = 0; i < 6; i++)
      d += svg`M${g.cx - 26 + i * 4} ${y + 8}Q${g.cx + a.parting * 5} ${y - 30 + i * 6} ${g.cx + 26 - i * 3} ${y + 8}`;
    out += `<g clip-path="url(#backClip)">${strokes({ light: d, dark: "" }, lighten(color, 0.15))}</g>`;
  }
  return out;
}

/** Cap strands: fans from the parting over the skull to the ears. */
function capStrands(a: Attributes, g: Face): Strands {
  const r = stream(a.seed, "cap strands");
  const result: Strands = { light: "", dark: "" };
  const px = g.cx + a.parting * 22;
  const top = g.crownY - volume(a);
  for (let i = 0; i < 44; i++) {
    const t = -1 + (2 * i) / 43 + r.between(-0.03, 0.03);
    const reach = g.w + 5;
    const endY = 70 + Math.abs(t) * 52 + r.between(-5, 8);
    const d = svg`M${px + t * 7} ${top + 1 + Math.abs(t) * 3}C${px + t * reach * 0.62} ${top + 4 + (1 - Math.abs(t)) * 10} ${g.cx + t * reach} ${top + 24} ${g.cx + t * reach * 1.02} ${endY}`;
    if (r.chance(0.5)) result.light += d;
    else result.dark += d;
  }
  return result;
}

/** Small arcs that give curls their texture. */
function curlStrands(a: Attributes, g: Face): Strands {
  const r = stream(a.seed, "curl strands");
  const result: Strands = { light: "", dark: "" };
  for (const curl of curls(a, g)) {
    for (const part of [0.9, 0.55]) {
      const s = curl.r * part;
      const turn = r.between(-0.5, 0.5);
      const arc = (sweep: number): string =>
        svg`M${curl.x - s * Math.cos(turn)} ${curl.y - s * Math.sin(turn)}A${s} ${s} 0 0 ${sweep} ${curl.x + s * Math.cos(turn)} ${curl.y + s * Math.sin(turn)}`;
      result.light += arc(1);
      result.dark += arc(0);
    }
  }
  return result;
}

export function drawFrontHair(a: Attributes, g: Face): string {
  if (a.hairStyle === "bald") {
    return glow("scalp", g.cx + a.light * 20, g.crownY + 16, 26, 13, [255, 246, 236], 0.42);
  }
  const color = tone(a);
  const shapes = frontHair(a, g);
  let out = linear(
    "hair",
    [0, g.crownY - 14],
    [0, Math.max(150, hairEnd(a))],
    [
      [0, lighten(color, -0.12), 1],
      [0.18, lighten(color, 0.1), 1],
      [0.5, color, 1],
      [1, lighten(color, -0.3), 1],
    ],
  );
  out += `<clipPath id="hairClip">${shapes}</clipPath><g fill="url(#hair)">${shapes}</g><g clip-path="url(#hairClip)">`;
  out += glow("sheen", g.cx + a.light * 26, g.crownY + 17, 44, 15, shine(color), 0.5);
  if (a.hairStyle === "curly") out += strokes(curlStrands(a, g), color, 1.6);
  else out += strokes(capStrands(a, g), color);
  if (hasLocks(a)) out += strokes(hanging(a, g, "lock strands", 88, g.w - 8, 30), color);
  return `${out}</g>`;
}

export function drawBangs(a: Attributes, g: Face): string {
  if (a.bangs === "none" || a.hairStyle === "bald") return "";
  const color = tone(a);
  const r = stream(a.seed, "bang strands");
  const d = bangsPath(a, g);
  const strands: Strands = { light: "", dark: "" };
  const w = g.w - 4;
  const s = a.parting < 0 ? -1 : 1;
  for (let i = 0; i < 34; i++) {
    const t = -1 + (2 * i) / 33 + r.between(-0.03, 0.03);
    const straight = svg`M${g.cx + t * w * 0.5} 53Q${g.cx + t * w * 0.98} 66 ${g.cx + t * w} 103`;
    const swept = svg`M${g.cx - s * w * (0.55 - t * 0.45)} ${60 - t * 4}Q${g.cx + s * t * w * 0.7} ${74 - t * 8} ${g.cx + s * w * (0.45 + t * 0.55)} ${99 + t * 8}`;
    const strand = a.bangs === "side" ? swept : straight;
    if (r.chance(0.5)) strands.light += strand;
    else strands.dark += strand;
  }
  let out = linear(
    "bangs",
    [0, 54],
    [0, 102],
    [
      [0, lighten(color, 0.06), 1],
      [0.35, lighten(color, 0.12), 1],
      [1, lighten(color, -0.22), 1],
    ],
  );
  // The bangs' own shadow on the forehead, a hand below their edge.
  out += `<path d="${d}" fill="rgba(20,8,10,0.28)" transform="translate(0 3)"/>`;
  out += `<clipPath id="bangsClip"><path d="${d}"/></clipPath><path d="${d}" fill="url(#bangs)"/>`;
  return `${out}<g clip-path="url(#bangsClip)">${strokes(strands, color)}</g>`;
}
