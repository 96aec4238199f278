import { domainNote } from "./models.ts";
import type { State } from "./state.ts";

/** Share of the photo below which nothing is found of an attribute. */
const FOUND = 0.000_5;

/** What to know before the edit, a sentence each: what was done to the photo, what the model cannot do with it. */
export function notesOf({ photo, model, region, strokes }: State): string[] {
  if (photo === null) return [];
  const { original, width, height } = photo;
  const lost = (region.located?.regions ?? []).filter(({ coverage }) => coverage < FOUND);
  return [
    original !== null &&
      `Made smaller to send it: ${original.width} × ${original.height} → ${width} × ${height} pixels.`,
    model !== null && domainNote(model, photo.kind),
    region.faces.length > 1 &&
      `${region.faces.length} faces: the one in the blue frame is edited. Choose by a frame.`,
    ...(strokes.length > 0 ? [] : lost.map(({ prompt }) => `Nothing in this face fits “${prompt}”.`)),
  ].filter((note) => note !== false && note !== null);
}

/** Why nothing can be edited yet; null where it can, or nobody knows. What is painted needs no face. */
export const blocking = ({ region, strokes }: State) => (strokes.length > 0 ? null : region.fault);
