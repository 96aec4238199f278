import sharp from "sharp";
import type { Photo, Rectangle, Size } from "../../image/picture.ts";
import { around } from "./carrier.ts";
import { cellsOf, fold, SAMPLES, type Window } from "./cells.ts";
import { correlate, type Spectra, spectraOf, syncInPlace } from "./correlate.ts";
import { highest, together } from "./detect.ts";
import type { Patterns } from "./pattern.ts";
import { luminanceOf, sampledSize, whiten } from "./samples.ts";

const JPEG_QUALITY = 80;

/** Cells around a window that its cells' values depend on, and pixels that an encoder's blocks depend on. */
const MARGIN = { cells: 4, pixels: 8 };

/** Side of a JPEG block in pixels. A part that begins and ends at block boundaries is encoded as in the whole. */
const BLOCK = 8;

/** Scores measured in a marked picture. */
export interface Look {
  /** Score of the mark with its own payload, in standard deviations: the highest of the windows. */
  readonly score: number;
  /** The same score if a search would read that payload, else 0. */
  readonly read: number;
}

/** The mark that is searched for. */
export interface Expected {
  readonly patterns: Patterns;
  readonly payload: number;
}

/** Tests whether a search would find the mark in a picture, looking only at the mask's area. */
export class Trial {
  readonly #patterns: Patterns;
  readonly #spectra: Spectra;
  readonly #payload: number;
  readonly #across: number;
  readonly #windows: readonly Window[];
  /** The part of the picture that is looked at, in samples. */
  readonly #part: Rectangle;

  /** @param grid cells along the longer side  @param windows of a search that are looked at */
  constructor(size: Size, grid: number, windows: readonly Window[], { patterns, payload }: Expected) {
    this.#patterns = patterns;
    this.#spectra = spectraOf(patterns);
    this.#payload = payload;
    this.#across = SAMPLES * grid;
    this.#windows = windows;
    this.#part = looked(around(this.#windows), sampledSize(size, this.#across));
  }

  /** The scores of the picture as it is. */
  plain(picture: Photo): Promise<Look> {
    return this.#look(picture);
  }

  /** The worse scores of those after JPEG 80 and after a resize to half the sides. */
  async treated(picture: Photo): Promise<Look> {
    const treated = await Promise.all([this.#jpeg(picture), this.#half(picture)]);
    const [a, b] = [await this.#look(treated[0]), await this.#look(treated[1])];
    return { score: Math.min(a.score, b.score), read: Math.min(a.read, b.read) };
  }

  async #look(picture: Pick<Photo, "rgb" | "width" | "height">): Promise<Look> {
    const { left, top } = this.#part;
    const cells = cellsOf(whiten(await luminanceOf(picture, this.#across, this.#part)), [0, 0]);
    const origin = [left / SAMPLES, top / SAMPLES] as const;
    const looks = this.#windows.map((window) => this.#scores(fold(cells, window, origin)));
    return {
      score: Math.max(...looks.map(({ score }) => score)),
      read: Math.max(...looks.map(({ read }) => read)),
    };
  }

  /** The scores of a folded window. */
  #scores(tile: Float64Array): Look {
    const sync = syncInPlace(tile, this.#patterns);
    const { message } = correlate(tile, this.#spectra);
    const score = together(sync, message[this.#payload] as number);
    return { score, read: highest(message).place === this.#payload ? score : 0 };
  }

  /** Encodes and decodes the part that is looked at. */
  async #jpeg({ rgb, width, height }: Photo): Promise<Pick<Photo, "rgb" | "width" | "height">> {
    const part = this.#pixels({ width, height }, BLOCK);
    const file = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .extract(part)
      .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const decoded = await sharp(file, { limitInputPixels: false }).raw().toBuffer();
    return { width, height, rgb: laid(decoded, part, width, rgb.slice()) };
  }

  /** Halves the width and height of the part that is looked at. */
  async #half({ rgb, width, height }: Photo): Promise<Pick<Photo, "rgb" | "width" | "height">> {
    const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
    const part = this.#pixels(half, 1);
    const made = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .resize({ ...half, fit: "fill" })
      .extract(part)
      .raw()
      .toBuffer();
    return { ...half, rgb: laid(made, part, half.width, new Uint8Array(3 * half.width * half.height)) };
  }

  /** The pixels behind the part that is looked at, aligned to a multiple. */
  #pixels(size: Size, multiple: number): Rectangle {
    const sampled = sampledSize(size, this.#across);
    const span = (start: number, length: number, samples: number, end: number) => {
      const scale = end / samples;
      const first = multiple * Math.floor(Math.max(0, start * scale - MARGIN.pixels) / multiple);
      const last = multiple * Math.ceil(((start + length) * scale + MARGIN.pixels) / multiple);
      return [first, Math.min(end, last) - first] as const;
    };
    const [left, width] = span(this.#part.left, this.#part.width, sampled.width, size.width);
    const [top, height] = span(this.#part.top, this.#part.height, sampled.height, size.height);
    return { left, top, width, height };
  }
}

/** The part that a window depends on, in samples, beginning with a cell. */
function looked({ left, top, right, bottom }: Window, { width, height }: Size): Rectangle {
  const first = (cell: number) => SAMPLES * Math.max(0, cell - MARGIN.cells);
  const last = (cell: number, end: number) => Math.min(end, SAMPLES * (cell + MARGIN.cells));
  const [x, y] = [first(left), first(top)];
  return { left: x, top: y, width: last(right, width) - x, height: last(bottom, height) - y };
}

/** Writes a part's pixels over a picture. */
function laid(part: Uint8Array, { left, top, width, height }: Rectangle, across: number, over: Uint8Array) {
  for (let y = 0; y < height; y++)
    over.set(part.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * across + left));
  return over;
}
