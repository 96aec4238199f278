import type { JSX } from "preact";
import type { Playground } from "../effects/use-playground.ts";
import { blocking } from "../model/notes.ts";
import { remainingWords } from "../model/progress.ts";
import { presetOf } from "../model/schedule-choice.ts";
import { SparkIcon } from "./icons.tsx";
import { Notes } from "./notes.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";

interface Props {
  readonly page: Playground;
  /** What went wrong, said where the next try is. */
  readonly trouble: JSX.Element;
}

/** The one thing to do next, or how it comes on. */
export function RunBar({ page, trouble }: Props) {
  const { state, run, cancel } = page;
  const words = actionWords(page);
  const bar = useKeptFocus<HTMLDivElement>(state.run === null);
  return (
    <div class="run-bar" ref={bar} tabIndex={-1}>
      {trouble}
      <Notes page={page} />
      {state.run === null ? (
        <button type="button" class="primary wide" disabled={!isReady(page)} onClick={run}>
          <SparkIcon />
          <span key={words}>{words}</span>
        </button>
      ) : (
        <Progress page={page} cancel={cancel} />
      )}
    </div>
  );
}

function isReady({ state, wanted, fault, made }: Playground): boolean {
  if (made) return false;
  const { locating } = state.region;
  if (blocking(state) !== null || (locating && state.strokes.length === 0)) return false;
  return state.photo?.image != null && wanted.attributes.length > 0 && fault === null;
}

function actionWords({ state, wanted, made }: Playground): string {
  if (state.access === "needed") return "Waiting for tokens";
  if (state.uploading !== null) return `Uploading, ${Math.round(state.uploading * 100)} %`;
  if (wanted.attributes.length === 0) return "Say what should change";
  if (made) return "Add another change";
  if (blocking(state) !== null) return "This cannot be edited yet";
  if (state.region.locating && state.strokes.length === 0) return "Finding the region …";
  const credits = presetOf(state.presets, state.plan)?.credits;
  return credits === undefined ? "Edit" : `Edit · ${credits} ${credits === 1 ? "credit" : "credits"}`;
}

function Progress({ page: { state }, cancel }: { page: Playground; cancel: () => void }) {
  if (state.run === null) return null;
  const { words, fraction, etaMs } = state.run;
  return (
    <div class="progress">
      <progress aria-label="Edit" max={1} {...(fraction !== null && { value: fraction })} />
      <div class="row">
        <span class="progress-words">
          {words}
          <span class="hint">{remainingWords(etaMs)}</span>
        </span>
        <button type="button" class="small" onClick={cancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}
