import { useState } from "preact/hooks";

interface Props {
  readonly before: string;
  readonly after: string;
  /** What the edit asked for. */
  readonly shows: string;
}

/** Before and after in one frame: the slider between them is a real one, so that keys move it too. */
export function Compare({ before, after, shows }: Props) {
  const [share, setShare] = useState(50);
  return (
    <div class="compare" style={{ "--share": `${share}%` }}>
      <img class="picture" src={after} alt={`The edit: ${shows}`} />
      <img class="picture before" src={before} alt="Before the edit" />
      <span class="tag left" aria-hidden="true">
        before
      </span>
      <span class="tag right" aria-hidden="true">
        after
      </span>
      <div class="divider" aria-hidden="true">
        <span class="grip">‹ ›</span>
      </div>
      <input
        type="range"
        class="compare-range"
        min={0}
        max={100}
        step={1}
        value={share}
        aria-label="Before and after"
        aria-valuetext={`${share} % before, ${100 - share} % after`}
        onInput={(event) => setShare(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
