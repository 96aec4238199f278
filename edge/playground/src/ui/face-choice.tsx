import type { Playground } from "../effects/use-playground.ts";
import type { Photo } from "../model/photo.ts";

const share = (part: number, whole: number) => `${(100 * part) / whole}%`;

/** A frame around each face, where there are several: the chosen one is edited. */
export function FaceChoice({ page: { state, dispatch }, photo }: { page: Playground; photo: Photo }) {
  const { faces, face: chosen } = state.region;
  if (faces.length < 2) return null;
  return (
    <fieldset class="faces" aria-label="Which face is edited" disabled={state.run !== null}>
      {faces.map(({ left, top, width, height }, at) => (
        <button
          type="button"
          class="face"
          key={`${left} ${top}`}
          aria-pressed={at === (chosen ?? 0)}
          aria-label={`Face ${at + 1} of ${faces.length}`}
          style={{
            left: share(left, photo.width),
            top: share(top, photo.height),
            width: share(width, photo.width),
            height: share(height, photo.height),
          }}
          onClick={() => dispatch({ type: "face", face: at })}
        />
      ))}
    </fieldset>
  );
}
