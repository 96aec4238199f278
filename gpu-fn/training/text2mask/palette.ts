/** Colours of the portraits and small colour arithmetic. Colours are sRGB triples 0..255. */
export type Rgb = readonly [number, number, number];

export const HAIR_COLORS = {
  black: [32, 28, 32],
  "dark brown": [66, 42, 30],
  brown: [118, 74, 44],
  blond: [222, 182, 98],
  red: [176, 66, 28],
  gray: [142, 144, 150],
  white: [226, 222, 216],
  blue: [52, 92, 176],
  pink: [226, 116, 164],
  purple: [124, 70, 164],
  green: [62, 138, 92],
} as const satisfies Record<string, Rgb>;
export type HairColor = keyof typeof HAIR_COLORS;

export const EYE_COLORS = {
  brown: [98, 60, 30],
  blue: [70, 130, 200],
  green: [78, 146, 84],
  gray: [124, 138, 148],
  red: [204, 30, 34],
} as const satisfies Record<string, Rgb>;
export type EyeColor = keyof typeof EYE_COLORS;

export const LIPSTICKS = {
  red: [206, 16, 40],
  pink: [236, 70, 138],
  purple: [118, 34, 132],
  "dark red": [128, 8, 32],
  orange: [236, 92, 36],
} as const satisfies Record<string, Rgb>;
export type Lipstick = keyof typeof LIPSTICKS;

export const FRAME_COLORS = {
  black: [22, 22, 26],
  brown: [78, 42, 22],
  "dark red": [112, 18, 34],
  "dark blue": [26, 42, 96],
} as const satisfies Record<string, Rgb>;
export type FrameColor = keyof typeof FRAME_COLORS;

export const EYE_SHADOWS: readonly Rgb[] = [
  [116, 64, 150],
  [52, 96, 170],
  [150, 62, 92],
  [44, 120, 116],
  [128, 78, 44],
];

/** Skin from pale (0) to deep (1), as measured stops; the lightest is near a powder tone, the darkest near umber. */
const SKIN_STOPS: readonly Rgb[] = [
  [255, 232, 218],
  [250, 212, 184],
  [236, 184, 146],
  [206, 146, 104],
  [164, 106, 70],
  [124, 76, 50],
  [88, 54, 38],
];

export function mix(a: Rgb, b: Rgb, amount: number): Rgb {
  return [a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount];
}

/** Positive amounts (to 1) go towards white, negative ones (to -1) towards a warm black. */
export function lighten(color: Rgb, amount: number): Rgb {
  return amount >= 0 ? mix(color, [255, 252, 246], amount) : mix(color, [12, 6, 10], -amount);
}

/** CSS colour with optional opacity (0..1). */
export function css(color: Rgb, opacity = 1): string {
  const [r, g, b] = color.map((v) => Math.round(Math.min(255, Math.max(0, v)))) as [number, number, number];
  return opacity >= 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${Math.max(0, opacity).toFixed(3)})`;
}

/** Rec. 601 luma, 0..255. */
export function luma(color: Rgb): number {
  return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2];
}

/** Skin colour; `tone` 0 (pale) .. 1 (deep), `warmth` -1 (rosy) .. 1 (golden). */
export function skinColor(tone: number, warmth: number): Rgb {
  const position = Math.min(0.9999, Math.max(0, tone)) * (SKIN_STOPS.length - 1);
  const i = Math.floor(position);
  const base = mix(SKIN_STOPS[i] as Rgb, SKIN_STOPS[i + 1] as Rgb, position - i);
  return [base[0] + warmth * 2, base[1] + warmth * 5, base[2] - warmth * 9];
}

/** HSL (degrees, 0..1, 0..1) to sRGB. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return (
      255 *
      (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
    );
  };
  return [channel(0), channel(8), channel(4)];
}
