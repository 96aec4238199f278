import type { Playground } from "../effects/use-playground.ts";
import { MASK_RANGE } from "../model/mask.ts";
import { BRUSH_RANGE } from "../model/strokes.ts";
import { BrushIcon } from "./icons.tsx";
import { Slider } from "./slider.tsx";

const share = (value: number) => `${(100 * value).toFixed(1).replace(".0", "")} %`;

/** Ways to correct the region: sliders for all of it, a brush for parts. */
export function RegionTools({ page: { state, dispatch } }: { page: Playground }) {
  const { brush, strokes, region } = state;
  const { grow, feather } = region.settings;
  const busy = state.run !== null;
  return (
    <fieldset class="tools" disabled={busy} aria-label="Region">
      <Slider
        id="grow"
        label="Grow"
        value={grow}
        max={MASK_RANGE.grow.max}
        step={MASK_RANGE.grow.step}
        shown={share(grow)}
        change={(value) => dispatch({ type: "mask", settings: { grow: value } })}
      />
      <Slider
        id="feather"
        label="Feather"
        value={feather}
        max={MASK_RANGE.feather.max}
        step={MASK_RANGE.feather.step}
        shown={share(feather)}
        change={(value) => dispatch({ type: "mask", settings: { feather: value } })}
      />
      <div class="row brushes">
        <button
          type="button"
          class="toggle"
          aria-pressed={brush.on}
          onClick={() => dispatch({ type: "brush", brush: { on: !brush.on } })}
        >
          <BrushIcon /> Brush
        </button>
        {brush.on && (
          <fieldset class="segments" aria-label="The brush">
            {(["add", "erase"] as const).map((mode) => (
              <label key={mode}>
                <input
                  type="radio"
                  name="brush"
                  checked={brush.mode === mode}
                  onChange={() => dispatch({ type: "brush", brush: { mode } })}
                />
                <span>{mode === "add" ? "Add" : "Erase"}</span>
              </label>
            ))}
          </fieldset>
        )}
        <button
          type="button"
          class="quiet"
          disabled={strokes.length === 0}
          onClick={() => dispatch({ type: "unstroke" })}
        >
          Undo stroke
        </button>
        <button
          type="button"
          class="quiet"
          disabled={strokes.length === 0}
          onClick={() => dispatch({ type: "restart strokes" })}
        >
          Clear
        </button>
      </div>
      {brush.on && (
        <div class="brush-size">
          <Slider
            id="brush-size"
            label="Brush size"
            value={brush.radius}
            {...BRUSH_RANGE}
            shown={share(2 * brush.radius)}
            change={(radius) => dispatch({ type: "brush", brush: { radius } })}
          />
        </div>
      )}
    </fieldset>
  );
}
