import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { paint, paintedSize } from "../effects/mask-picture.ts";
import type { Playground } from "../effects/use-playground.ts";
import type { Photo } from "../model/photo.ts";
import { clamped, drawn, type Point, type Stroke } from "../model/strokes.ts";

/** Step of the arrow keys, as a share of the photo. */
const STEP = 0.03;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

const HELP =
  "Brush over the region. Arrow keys move the brush, Space paints a dot, Backspace takes the last stroke back.";

/** The region over the photo; with the brush on, pointer and keys paint it. */
export function RegionCanvas({ page, photo }: { page: Playground; photo: Photo }) {
  const { state, dispatch, layer } = page;
  const { brush } = state;
  const canvas = useRef<HTMLCanvasElement>(null);
  // a quick tap begins and ends before anything is drawn anew: the stroke is kept beside what is drawn of it
  const stroke = useRef<Stroke | null>(null);
  const [live, show] = useState<Stroke | null>(null);
  const [at, setAt] = useState<Point | null>(null);
  const { width, height } = paintedSize(photo);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context != null) draw(context, layer, live);
  }, [layer, live, width, height, brush.on]);

  const pointOf = (event: PointerEvent): Point => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return clamped({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  };
  const begun = (point: Point): Stroke => ({ mode: brush.mode, radius: brush.radius, points: [point] });
  const hold = (held: Stroke | null) => {
    stroke.current = held;
    show(held);
  };
  const finish = () => {
    if (stroke.current !== null) dispatch({ type: "stroke", stroke: stroke.current });
    hold(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = ARROWS[event.key];
    const from = at ?? { x: 0.5, y: 0.5 };
    if (move !== undefined) setAt(clamped({ x: from.x + move.x, y: from.y + move.y }));
    else if (event.key === " " || event.key === "Enter") dispatch({ type: "stroke", stroke: begun(from) });
    else if (event.key === "Backspace") dispatch({ type: "unstroke" });
    else return;
    event.preventDefault();
  };
  const picture = <canvas ref={canvas} width={width} height={height} class="region" />;
  if (!brush.on) return picture;
  return (
    <button
      type="button"
      class="painter"
      aria-label={HELP}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        hold(begun(pointOf(event)));
      }}
      onPointerMove={(event) => {
        setAt(pointOf(event));
        if (stroke.current !== null) hold(drawn(stroke.current, pointOf(event)));
      }}
      onPointerUp={finish}
      onPointerCancel={finish}
      onPointerLeave={() => setAt(null)}
      onFocus={() => setAt(at ?? { x: 0.5, y: 0.5 })}
      onBlur={() => setAt(null)}
      onKeyDown={onKeyDown}
    >
      {picture}
      {at !== null && <BrushRing at={at} radius={brush.radius} photo={photo} />}
    </button>
  );
}

/** Where the brush is and how large. */
function BrushRing({ at, radius, photo }: { at: Point; radius: number; photo: Photo }) {
  const width = (200 * radius * Math.min(photo.width, photo.height)) / photo.width;
  return (
    <div
      class="ring"
      style={{ left: `${100 * at.x}%`, top: `${100 * at.y}%`, width: `${width}%` }}
      aria-hidden="true"
    />
  );
}

/** Draws the layer, and the stroke under way, in the region's colour. */
function draw(context: CanvasRenderingContext2D, layer: OffscreenCanvas | null, live: Stroke | null): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (layer !== null) context.drawImage(layer, 0, 0, width, height);
  if (live !== null) paint(context, live);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = getComputedStyle(context.canvas).color;
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "source-over";
}
