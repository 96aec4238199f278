import { useLayoutEffect, useRef } from "preact/hooks";
import type { Playground } from "../effects/use-playground.ts";
import { versionAt } from "../model/history.ts";
import { percent } from "../model/mask.ts";
import type { Photo } from "../model/photo.ts";
import { Compare } from "./compare.tsx";
import { Details } from "./details.tsx";
import { FaceChoice } from "./face-choice.tsx";
import { Keep } from "./keep.tsx";
import { RegionCanvas } from "./region-canvas.tsx";
import { RegionTools } from "./region-tools.tsx";
import { ShowCode } from "./show-code.tsx";

/** The picture: the photo with the region of the words, or the edit beside the photo. */
export function Stage({ page, shown }: { page: Playground; shown: Photo }) {
  const { state, dispatch } = page;
  const version = versionAt(state.history);
  const view = version === null || state.run !== null ? "region" : state.view;
  const caption = captionOf(page, view);
  const frame = useRef<HTMLDivElement>(null);
  // on a phone the picture may have been scrolled away: an edit that begins or is there is looked at
  useLayoutEffect(() => {
    if (state.run !== null || view === "result") frame.current?.scrollIntoView({ block: "nearest" });
  }, [state.run === null, version?.id]);
  return (
    <section class="stage" aria-label="Picture">
      <div class="row stage-head">
        <fieldset class="segments" aria-label="View">
          {(["region", "result"] as const).map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="view"
                checked={view === name}
                disabled={name === "result" && version === null}
                onChange={() => dispatch({ type: "view", view: name })}
              />
              <span>{name === "region" ? "Region" : "Result"}</span>
            </label>
          ))}
        </fieldset>
        <Keep page={page} />
      </div>
      <div
        class="frame"
        ref={frame}
        style={{
          aspectRatio: `${shown.width} / ${shown.height}`,
          "--ratio": String(shown.width / shown.height),
        }}
      >
        {view === "result" && version !== null ? (
          <Compare
            before={shown.url}
            after={version.outcome.url}
            shows={version.recipe.wanted.attributes.join(", ")}
          />
        ) : (
          <>
            <img
              class="picture"
              src={state.run?.preview ?? shown.url}
              alt={altOf(state.run?.preview ?? null, shown)}
            />
            {state.run?.preview == null && <RegionCanvas page={page} photo={shown} />}
            {!state.brush.on && state.run === null && <FaceChoice page={page} photo={shown} />}
          </>
        )}
        {(state.uploading !== null || (state.run !== null && state.run.fraction === null)) && (
          <div class="shimmer" />
        )}
      </div>
      {/* another text is another line: centred words would else count as moved */}
      <p class="caption" key={caption}>
        {caption}
      </p>
      <RegionTools page={page} />
      <div class="after">
        <Details page={page} />
        <ShowCode page={page} />
      </div>
    </section>
  );
}

const altOf = (preview: string | null, { name }: Photo) =>
  preview === null ? `The photo ${name}` : "The edit as it comes on";

/** One line under the picture: what is seen. */
function captionOf({ state, wanted }: Playground, view: "region" | "result"): string {
  const version = versionAt(state.history);
  if (view === "result" && version !== null) {
    const { coverage, notes } = version.outcome;
    return [coverage !== null && `${percent(coverage)} of the photo edited, the rest kept`, ...notes]
      .filter(Boolean)
      .join(" · ");
  }
  if (state.run !== null) return `${state.run.words} …`;
  if (state.uploading !== null) return `Uploading, ${Math.round(state.uploading * 100)} %`;
  if (wanted.attributes.length === 0)
    return state.region.fault?.title ?? "Say what should change, and the region it is about shows here.";
  if (state.region.locating) return "Finding the region …";
  const { located } = state.region;
  if (located === null) return state.region.fault?.title ?? "No region yet.";
  const parts = located.regions.length > 1 ? located.regions : [];
  const each = parts.map(({ prompt, coverage }) => `${prompt}: ${percent(coverage)}`);
  return [`The region covers ${percent(located.coverage)} of the photo`, ...each].join(" · ");
}
