/** Small writers of SVG text. Coordinates are canvas units: the canvas is 256 wide and high, y downwards. */
import { css, type Rgb } from "./palette.ts";

export const CANVAS = 256;

export type Point = readonly [number, number];

/** A number with one decimal: a tenth of a unit is a twentieth of a pixel at 128 px. */
export function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Template tag that writes numbers short: svg`<path d="M${x} ${y}"/>`. */
export function svg(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  let text = parts[0] ?? "";
  values.forEach((value, i) => {
    text += (typeof value === "number" ? num(value) : value) + (parts[i + 1] ?? "");
  });
  return text;
}

/** A gradient stop: offset 0..1, colour, opacity 0..1. */
export type Stop = readonly [number, Rgb, number];

function stops(list: readonly Stop[]): string {
  return list
    .map(
      ([offset, color, opacity]) =>
        `<stop offset="${offset}" stop-color="${css(color)}" stop-opacity="${opacity}"/>`,
    )
    .join("");
}

/** A radial gradient in canvas units; `stretch` squeezes it vertically. */
export function radial(
  id: string,
  x: number,
  y: number,
  r: number,
  list: readonly Stop[],
  stretch = 1,
): string {
  const turn =
    stretch === 1 ? "" : ` gradientTransform="matrix(1 0 0 ${stretch} 0 ${num(y * (1 - stretch))})"`;
  return `${svg`<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="${x}" cy="${y}" r="${r}"`}${turn}>${stops(list)}</radialGradient>`;
}

/** A linear gradient in canvas units. */
export function linear(id: string, from: Point, to: Point, list: readonly Stop[]): string {
  return `${svg`<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}">`}${stops(list)}</linearGradient>`;
}

/** A soft blob: an ellipse that fades to nothing. Replaces a blur at a fraction of its cost. */
export function glow(
  id: string,
  x: number,
  y: number,
  rx: number,
  ry: number,
  color: Rgb,
  opacity: number,
): string {
  const fade = radial(
    id,
    x,
    y,
    rx,
    [
      [0, color, opacity],
      [0.5, color, opacity * 0.55],
      [1, color, 0],
    ],
    ry / rx,
  );
  return `${fade}${svg`<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="url(#${id})"/>`}`;
}

/** A closed or open smooth curve through the middles of the points' segments. */
export function smooth(points: readonly Point[], close = false): string {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last) return "";
  let d = svg`M${first[0]} ${first[1]}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i] as Point;
    const [nx, ny] = points[i + 1] as Point;
    d += svg`Q${x} ${y} ${(x + nx) / 2} ${(y + ny) / 2}`;
  }
  return d + svg`L${last[0]} ${last[1]}${close ? "Z" : ""}`;
}
