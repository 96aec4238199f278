/** A point of the photo: fractions of its width and height. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One stroke of the brush over the located mask. */
export interface Stroke {
  readonly mode: "add" | "erase";
  /** Radius as a fraction of the photo's shorter side. */
  readonly radius: number;
  readonly points: readonly Point[];
}

export interface Brush {
  /** Whether the pointer paints. */
  readonly on: boolean;
  readonly mode: Stroke["mode"];
  readonly radius: number;
}

export const BRUSH: Brush = { on: false, mode: "add", radius: 0.04 };
export const BRUSH_RANGE = { min: 0.01, max: 0.15, step: 0.01 } as const;

/** Points nearer than this to the one before say nothing new. */
const NEAR = 0.002;

export const clamped = ({ x, y }: Point): Point => ({
  x: Math.min(1, Math.max(0, x)),
  y: Math.min(1, Math.max(0, y)),
});

/** The stroke one point longer; the same stroke where the point adds nothing. */
export function drawn(stroke: Stroke, point: Point): Stroke {
  const last = stroke.points.at(-1);
  if (last !== undefined && Math.hypot(last.x - point.x, last.y - point.y) < NEAR) return stroke;
  return { ...stroke, points: [...stroke.points, clamped(point)] };
}
