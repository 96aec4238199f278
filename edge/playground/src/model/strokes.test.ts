import { describe, expect, it } from "vitest";
import { clamped, drawn, type Stroke } from "./strokes.ts";

describe("the brush", () => {
  it("stays on the photo, and takes no point twice", () => {
    expect(clamped({ x: -1, y: 2 })).toEqual({ x: 0, y: 1 });
    const stroke: Stroke = { mode: "add", radius: 0.1, points: [{ x: 0.5, y: 0.5 }] };
    expect(drawn(stroke, { x: 0.5, y: 0.5005 })).toBe(stroke);
    expect(drawn(stroke, { x: 0.6, y: 1.5 }).points.at(-1)).toEqual({ x: 0.6, y: 1 });
  });
});
