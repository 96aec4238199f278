/** Outlines of the hair, without paint: the drawing, its clip paths and the region masks share them. */
import type { Attributes } from "../attributes.ts";
import { type Face, NORMAL_HAIRLINE } from "../geometry.ts";
import { stream } from "../random.ts";
import { type Point, smooth, svg } from "../svg.ts";

/** Thickness of the hair over the skull, in units. */
export function volume(a: Attributes): number {
  const base = { bald: 4, short: 9, bob: 9, long: 8, curly: 12, wavy: 10, updo: 5 }[a.hairStyle];
  return base + a.hairVolume * 6;
}

export function hasLocks(a: Attributes): boolean {
  return a.hairStyle === "bob" || a.hairStyle === "long" || a.hairStyle === "wavy";
}

/** Lowest point of the hair beside the face. */
export function hairEnd(a: Attributes): number {
  switch (a.hairStyle) {
    case "bob":
      return 186 + a.hairLength * 26;
    case "long":
      return 262;
    case "wavy":
      return 218 + a.hairLength * 40;
    case "curly":
      return 160 + a.hairLength * 62;
    default:
      return 128;
  }
}

/** Outer half width of hanging hair at a height. */
export function outerHalf(a: Attributes, g: Face, y: number, side: number): number {
  const end = hairEnd(a);
  const t = Math.min(1, Math.max(0, (y - 110) / (end - 110)));
  const v = volume(a);
  const flare = { bob: 9 * Math.sin(t * 2.9), long: 5 + t * 8, wavy: 8 + t * 7 }[a.hairStyle as "bob"] ?? 0;
  const wave = a.hairStyle === "wavy" ? Math.sin(y / 9 + side + a.hairShade * 2) * 4.5 : 0;
  return g.w + v + flare + wave;
}

/** Circles of a head of curls: along the outline from ear to ear, and down for longer hair. */
export function curls(a: Attributes, g: Face): { x: number; y: number; r: number }[] {
  const r = stream(a.seed, "curls");
  const v = volume(a);
  const end = hairEnd(a);
  const list: { x: number; y: number; r: number }[] = [];
  for (let i = 0; i < 19; i++) {
    const angle = Math.PI * (0.98 + (1.04 * i) / 18);
    const size = 13 + a.hairVolume * 4 + r.between(-2, 3);
    list.push({
      x: g.cx + Math.cos(angle) * (g.w + v * 0.35),
      y: 106 + Math.sin(angle) * (106 - g.crownY + v * 0.25),
      r: size,
    });
  }
  for (const side of [-1, 1]) {
    const rows = Math.max(1, Math.round((end - 108) / 10));
    for (let i = 0; i < rows; i++) {
      const y = 108 + ((end - 108) * i) / rows;
      const out = i % 2 === 0 ? 3 : 14;
      list.push({
        x: g.cx + side * (g.w + out + v * 0.3 + r.between(-3, 3)),
        y,
        r: 11 + a.hairVolume * 3 + r.between(-2, 3),
      });
    }
  }
  return list;
}

/** Hair behind neck and head. */
export function backHair(a: Attributes, g: Face): string {
  const { cx } = g;
  const v = volume(a);
  if (a.hairStyle === "updo") {
    const r = 20 + a.hairVolume * 5;
    return svg`<ellipse cx="${cx + a.parting * 5}" cy="${g.crownY - v - r * 0.42}" rx="${r * 1.12}" ry="${r}"/>`;
  }
  if (!hasLocks(a)) return "";
  const end = hairEnd(a);
  const points: Point[] = [];
  const rows = 9;
  for (let i = 0; i <= rows; i++) {
    const y = end - ((end - 104) * i) / rows;
    points.push([cx - outerHalf(a, g, y, -1) + (i === 0 ? 8 : 0), y]);
  }
  const w = g.w + v;
  points.push(
    [cx - w, 70],
    [cx - w * 0.72, g.crownY - v * 0.5],
    [cx, g.crownY - v - 5],
    [cx + w * 0.72, g.crownY - v * 0.5],
    [cx + w, 70],
  );
  for (let i = rows; i >= 0; i--) {
    const y = end - ((end - 104) * i) / rows;
    points.push([cx + outerHalf(a, g, y, 1) - (i === 0 ? 8 : 0), y]);
  }
  return `<path d="${smooth(points, true)}"/>`;
}

/** The hairline from the left temple to the right one; `raise` lifts it, as a receding one is. */
function hairlineCurve(a: Attributes, g: Face, receding: boolean): string {
  const { cx } = g;
  const w = g.w;
  const p = cx + a.parting * 9;
  if (receding) {
    const y = NORMAL_HAIRLINE - 15;
    return svg`C${cx - w + 9} 92 ${cx - w * 0.86} ${y + 6} ${cx - w * 0.58} ${y - 5}Q${cx - w * 0.36} ${y - 8} ${cx - 12} ${y + 5}Q${cx} ${y + 9} ${cx + 12} ${y + 5}Q${cx + w * 0.36} ${y - 8} ${cx + w * 0.58} ${y - 5}C${cx + w * 0.86} ${y + 6} ${cx + w - 9} 92 ${cx + w - 5} 108`;
  }
  const y = NORMAL_HAIRLINE;
  return svg`C${cx - w + 7} 92 ${cx - w * 0.72} ${y + 3} ${p - 12} ${y - 3}Q${p} ${y - 8} ${p + 12} ${y - 3}C${cx + w * 0.72} ${y + 3} ${cx + w - 7} 92 ${cx + w - 5} 108`;
}

/** The cap of hair over the skull, down to the hairline and the sideburns. */
export function capPath(a: Attributes, g: Face, receding = a.hairline === "receding"): string {
  const { cx } = g;
  const v = volume(a);
  // Hanging hair continues the cap's outline; short hair lies closer to the temples than to the crown.
  const w = g.w + (hasLocks(a) ? v : Math.min(7, v * 0.5));
  const top = g.crownY - v;
  const burn = a.hairStyle === "updo" ? 112 : 127;
  const tuft = a.hairStyle === "short" ? a.parting * 5 : 0;
  return svg`M${cx - g.w + 3} ${burn}L${cx - w + 1} ${burn - 8}C${cx - w - 3} ${top + 30} ${cx - w * 0.66 + tuft} ${top} ${cx + tuft} ${top}C${cx + w * 0.66 + tuft} ${top} ${cx + w + 3} ${top + 30} ${cx + w - 1} ${burn - 8}L${cx + g.w - 3} ${burn}L${cx + g.w - 5} 108${reverseHairline(a, g, receding)}L${cx - g.w + 5} 108Z`;
}

/** The hairline is symmetric but for the parting: walking it back is mirroring it. */
function reverseHairline(a: Attributes, g: Face, receding: boolean): string {
  const mirrored = hairlineCurve({ ...a, parting: -a.parting }, g, receding);
  const numbers = mirrored.replaceAll(
    /(-?[\d.]+) (-?[\d.]+)/g,
    (_, x: string, y: string) => svg`${2 * g.cx - Number(x)} ${y}`,
  );
  return numbers;
}

/** Strands that hang in front of the ears and shoulders. */
export function locks(a: Attributes, g: Face): string {
  if (!hasLocks(a)) return "";
  const end = hairEnd(a);
  return [-1, 1]
    .map((side) => {
      const inner: Point[] = [];
      const outer: Point[] = [];
      const rows = 8;
      for (let i = 0; i <= rows; i++) {
        const y = 84 + ((end - 84) * i) / rows;
        const t = i / rows;
        const wave = a.hairStyle === "wavy" ? Math.sin(y / 9 + side + a.hairShade * 2 + 0.6) * 3 : 0;
        // Bobs turn in at the tips; long hair leaves the cheeks and falls over the shoulders.
        const hug =
          g.w -
          5 +
          Math.sin(Math.min(1, t * 1.2) * Math.PI) * 3 -
          (a.hairStyle === "bob" ? t * t * 9 : t * 4);
        inner.push([g.cx + side * (hug + wave), y]);
        const edge = outerHalf(a, g, y, side);
        // Locks grow out of the cap at the temples and end in a tip.
        outer.push([
          g.cx + side * (i === 0 ? g.w : i === rows ? (hug + edge) / 2 : edge - (i === 1 ? 3 : 0)),
          y,
        ]);
      }
      return `<path d="${smooth([...inner, ...outer.reverse()], true)}"/>`;
    })
    .join("");
}

/** All hair in front of the face but the bangs. */
export function frontHair(a: Attributes, g: Face): string {
  if (a.hairStyle === "bald") return "";
  let out = `<path d="${capPath(a, g)}"/>`;
  if (a.hairStyle === "curly") {
    out += curls(a, g)
      .map((curl) => svg`<circle cx="${curl.x}" cy="${curl.y}" r="${curl.r}"/>`)
      .join("");
  }
  return out + locks(a, g);
}

/** Bangs: straight across above the brows, or swept to one side. */
export function bangsPath(a: Attributes, g: Face, kind = a.bangs): string {
  const { cx } = g;
  const w = g.w - 4;
  const low = g.browY - 6;
  if (kind === "side") {
    const s = a.parting < 0 ? -1 : 1;
    return svg`M${cx - s * w} 106Q${cx - s * (w - 2)} 60 ${cx} 54Q${cx + s * w * 0.86} 56 ${cx + s * w} 112Q${cx + s * w * 0.9} 104 ${cx + s * w * 0.62} 101Q${cx + s * w * 0.1} 99 ${cx - s * w * 0.36} 86Q${cx - s * w * 0.8} 84 ${cx - s * w} 106Z`;
  }
  let edge = "";
  const teeth = 9;
  for (let i = 0; i < teeth; i++) {
    const x = cx + w - ((i + 1) * 2 * w) / teeth;
    const bow = 3 * (1 - ((x - cx) / w) ** 2);
    edge += svg`Q${x + w / teeth} ${low + 6 - bow} ${x} ${low - bow + (i === teeth - 1 ? 5 : 0)}`;
  }
  return svg`M${cx - w} ${low + 5}Q${cx - w + 4} 58 ${cx} 54Q${cx + w - 4} 58 ${cx + w} ${low + 5}${edge}Z`;
}
