import type { ComponentChildren } from "preact";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly step: number;
  /** The value as people read it. */
  readonly shown: string;
  readonly change: (value: number) => void;
  readonly children?: ComponentChildren;
}

/** A labelled slider with its value. */
export function Slider({ id, label, value, min = 0, max, step, shown, change, children }: Props) {
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{shown}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        onInput={(event) => change(event.currentTarget.valueAsNumber)}
      />
      {children}
    </div>
  );
}
