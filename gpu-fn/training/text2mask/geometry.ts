/** Where things are: landmarks of a face in canvas units, from the attributes alone. */
import type { Attributes } from "./attributes.ts";
import { svg } from "./svg.ts";

export interface Face {
  /** Centre line of the head and of the features (turned by yaw). */
  cx: number;
  fx: number;
  /** Half width of the head at the cheekbones. */
  w: number;
  crownY: number;
  hairlineY: number;
  browY: number;
  eyeY: number;
  /** Distance of an eye from the centre line, half width and half height of an eye. */
  eyeDx: number;
  eyeW: number;
  eyeH: number;
  noseY: number;
  mouthY: number;
  jawY: number;
  jawW: number;
  chinY: number;
  chinW: number;
  /** Transforms of the head, and of neck and clothes. */
  headTransform: string;
  bodyTransform: string;
}

export const NORMAL_HAIRLINE = 72;

export function face(a: Attributes): Face {
  const w = 58 * a.faceWidth;
  const move = svg`translate(${a.offsetX} ${a.offsetY}) `;
  return {
    cx: 128,
    fx: 128 + a.yaw,
    w,
    crownY: 38,
    hairlineY: NORMAL_HAIRLINE,
    browY: 102,
    eyeY: 122,
    eyeDx: w * 0.465,
    eyeW: 14.2 * a.eyeSize,
    eyeH: 7.6 * a.eyeSize,
    noseY: 156,
    mouthY: 182,
    jawY: 186,
    jawW: w * (0.7 + 0.16 * a.jaw),
    chinY: 215 + a.chin,
    chinW: 12 + 18 * a.jaw,
    headTransform: `${move}rotate(${a.tilt} 128 160) translate(128 140) scale(${a.scale}) translate(-128 -140)`,
    bodyTransform: `${move}translate(128 140) scale(${a.scale}) translate(-128 -140)`,
  };
}

/** Outline of the head from crown to chin; `grow` moves it outwards by as many units. */
export function headPath(g: Face, grow = 0): string {
  const { cx } = g;
  const w = g.w + grow;
  const top = g.crownY - grow;
  const jaw = g.jawW + grow;
  const chin = g.chinY + grow;
  const half = (side: number): string =>
    side < 0
      ? svg`M${cx} ${top}C${cx - w * 0.62} ${top} ${cx - w} ${top + 36} ${cx - w} ${g.eyeY - 8}C${cx - w} ${g.eyeY + 30} ${cx - jaw - 4} ${g.jawY - 24} ${cx - jaw} ${g.jawY}C${cx - jaw + 6} ${g.jawY + 16} ${cx - g.chinW - 6} ${chin} ${cx} ${chin}`
      : svg`C${cx + g.chinW + 6} ${chin} ${cx + jaw - 6} ${g.jawY + 16} ${cx + jaw} ${g.jawY}C${cx + jaw + 4} ${g.jawY - 24} ${cx + w} ${g.eyeY + 30} ${cx + w} ${g.eyeY - 8}C${cx + w} ${top + 36} ${cx + w * 0.62} ${top} ${cx} ${top}Z`;
  return half(-1) + half(1);
}
