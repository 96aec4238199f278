import type { Size } from "../model/photo.ts";
import type { Point, Stroke } from "../model/strokes.ts";

/** Longest side of the mask while it is painted, in pixels: it is brought to the photo's size when it is sent. */
const PAINTED_SIDE = 1024;

/** The size a photo's mask is painted at. */
export function paintedSize({ width, height }: Size): Size {
  const scale = Math.min(1, PAINTED_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** A canvas and its context. @throws Error if the browser has none to give */
export function canvasOf({ width, height }: Size): [OffscreenCanvas, OffscreenCanvasRenderingContext2D] {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser cannot draw");
  return [canvas, context];
}

/** A grey mask as a layer: white everywhere, its coverage as alpha. */
export async function layerOf(mask: Blob, size: Size): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(mask);
  const [canvas, context] = canvasOf(size);
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const pixels = context.getImageData(0, 0, size.width, size.height);
  const { data } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    data[i + 3] = data[i] as number;
    data[i] = data[i + 1] = data[i + 2] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

type Layer = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Softness of the brush's edge, as a share of its radius. */
const SOFTNESS = 0.35;

/**
 * Paints a stroke onto a layer. Only its blurred shadow is drawn, the line itself lies outside of the canvas: soft edges
 * in every browser.
 */
export function paint(context: Layer, { mode, radius, points }: Stroke): void {
  const { width, height } = context.canvas;
  const pixels = Math.max(1, radius * Math.min(width, height));
  const [first, ...others] = points;
  if (first === undefined) return;
  context.save();
  context.globalCompositeOperation = mode === "add" ? "source-over" : "destination-out";
  context.fillStyle = context.strokeStyle = context.shadowColor = "#fff";
  context.shadowBlur = pixels * SOFTNESS;
  context.shadowOffsetX = 2 * width;
  const thickness = pixels * (1 - SOFTNESS / 2);
  const at = ({ x, y }: Point): [number, number] => [(x - 2) * width, y * height];
  context.beginPath();
  if (others.length === 0) {
    context.arc(...at(first), thickness, 0, 2 * Math.PI);
    context.fill();
  } else {
    context.lineWidth = 2 * thickness;
    context.lineCap = context.lineJoin = "round";
    context.moveTo(...at(first));
    for (const point of others) context.lineTo(...at(point));
    context.stroke();
  }
  context.restore();
}

/** A located mask and what was painted over it. */
export function composed(
  located: OffscreenCanvas | null,
  strokes: readonly Stroke[],
  size: Size,
): OffscreenCanvas {
  const [canvas, context] = canvasOf(size);
  if (located !== null) context.drawImage(located, 0, 0, size.width, size.height);
  for (const stroke of strokes) paint(context, stroke);
  return canvas;
}

/** Share of the picture that a layer covers. */
export function coverageOf(layer: OffscreenCanvas): number {
  const { width, height } = layer;
  const data = layer.getContext("2d")?.getImageData(0, 0, width, height).data;
  if (data === undefined) return 0;
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum += data[i] as number;
  return sum / (255 * width * height);
}

/** A layer as the API takes a mask: white on black, of the photo's size. */
export async function maskFile(layer: OffscreenCanvas, photo: Size): Promise<Blob> {
  const [canvas, context] = canvasOf(photo);
  context.fillStyle = "#000";
  context.fillRect(0, 0, photo.width, photo.height);
  context.drawImage(layer, 0, 0, photo.width, photo.height);
  return canvas.convertToBlob({ type: "image/png" });
}
