import { useEffect, useMemo, useState } from "preact/hooks";
import type { Located } from "../model/mask.ts";
import type { Photo } from "../model/photo.ts";
import type { Stroke } from "../model/strokes.ts";
import { picture } from "./api.ts";
import { composed, layerOf, paintedSize } from "./mask-picture.ts";

/** The region as a layer over the photo: the located mask with the strokes; null while there is neither. @param failed hears why its picture cannot be had */
export function useLayer(
  photo: Photo | null,
  located: Located | null,
  strokes: readonly Stroke[],
  failed: (error: unknown) => void,
): OffscreenCanvas | null {
  const [width, height] = [photo?.width ?? 0, photo?.height ?? 0];
  const size = useMemo(() => paintedSize({ width, height }), [width, height]);
  const [mask, setMask] = useState<OffscreenCanvas | null>(null);
  const url = located?.url ?? null;
  useEffect(() => {
    if (url === null) return setMask(null);
    const ending = new AbortController();
    const { signal } = ending;
    picture(url, signal)
      .then((blob) => layerOf(blob, size))
      .then((layer) => signal.aborted || setMask(layer))
      .catch((error: unknown) => signal.aborted || failed(error));
    return () => ending.abort();
  }, [url, size, failed]);
  return useMemo(
    () => (mask === null && strokes.length === 0 ? null : composed(mask, strokes, size)),
    [mask, strokes, size],
  );
}
