import { percent } from "../model/mask.ts";
import type { State } from "../model/state.ts";

/** What a sighted visitor sees happen, for who listens. Progress is told by phases, not by steps. */
export function Announcer({ state }: { state: State }) {
  return (
    <p class="hidden" role="status" aria-live="polite">
      {words(state)}
    </p>
  );
}

function words({ photo, uploading, run, view, history, region, wanted }: State): string {
  if (photo === null) return "";
  if (run !== null) return run.words.replace(/, step.*/, "");
  if (uploading !== null) return "Uploading the photo";
  if (view === "result" && history.at !== null) return `The edit is ready: ${wanted.attributes.join(", ")}`;
  if (region.fault !== null) return region.fault.title;
  if (region.locating) return "Finding the region";
  if (region.located !== null) return `The region covers ${percent(region.located.coverage)} of the photo`;
  return "The photo is ready";
}
