import type { Dispatch } from "preact/hooks";
import {
  type Plan,
  type Preset,
  presetOf,
  structuringMax,
  structuringOf,
  structuringWords,
} from "../model/schedule-choice.ts";
import type { Action } from "../model/state.ts";
import { Slider } from "./slider.tsx";

interface Props {
  readonly presets: readonly Preset[];
  readonly plan: Plan;
  readonly dispatch: Dispatch<Action>;
}

/** What presets are called here; another stands under its own name. */
const NAMES: Readonly<Record<string, string>> = { paper: "Best quality", balanced: "Balanced", fast: "Fast" };

const nameOf = (preset: string) => NAMES[preset] ?? preset.replaceAll("-", " ");

/** How the edit is made: a preset, and folded below it T, with what it means. */
export function PlanChoice({ presets, plan, dispatch }: Props) {
  const preset = presetOf(presets, plan);
  const structuring = preset === null ? 3 : structuringOf(preset, plan);
  const steps = preset?.schedule.steps ?? 30;
  return (
    <details class="card fold">
      <summary>
        <h2>Quality</h2>
        <span class="hint">{nameOf(preset?.name ?? "paper")}</span>
      </summary>
      <fieldset class="segments">
        <legend class="hidden">Quality</legend>
        {presets.map(({ name }) => (
          <label key={name}>
            <input
              type="radio"
              name="preset"
              checked={name === preset?.name}
              onChange={() => dispatch({ type: "plan", plan: { preset: name, structuring: null } })}
            />
            <span>{nameOf(name)}</span>
          </label>
        ))}
      </fieldset>
      <details class="unfold">
        <summary>Details</summary>
        <Slider
          id="structuring"
          label="Structuring steps T"
          value={structuring}
          max={preset === null ? 9 : structuringMax(preset)}
          step={1}
          shown={String(structuring)}
          change={(value) => dispatch({ type: "plan", plan: { structuring: value } })}
        >
          <div class="ends" aria-hidden="true">
            <span>freer</span>
            <span>truer to the photo</span>
          </div>
        </Slider>
        <p class="hint explain">{structuringWords(structuring, steps)}</p>
      </details>
    </details>
  );
}
