import { useState } from "preact/hooks";
import { POPULAR, REGIONS, type Region, regionName, SUGGESTIONS } from "../model/suggestions.ts";

interface Props {
  readonly taken: readonly string[];
  readonly full: boolean;
  readonly add: (text: string) => void;
  readonly remove: (text: string) => void;
}

/** Phrases to choose from, by the region of the face they are about. */
export function Suggestions({ taken, full, add, remove }: Props) {
  const [region, setRegion] = useState<Region | "">("");
  const phrases = region === "" ? POPULAR : SUGGESTIONS[region];
  return (
    <div class="suggestions">
      <div class="row">
        <label for="region" class="label">
          Suggestions for
        </label>
        <select
          id="region"
          class="compact"
          value={region}
          onChange={(event) => setRegion(REGIONS.find((name) => name === event.currentTarget.value) ?? "")}
        >
          <option value="">the whole face</option>
          {REGIONS.map((name) => (
            <option key={name} value={name}>
              {regionName(name)}
            </option>
          ))}
        </select>
      </div>
      <ul class="phrases" aria-label="Suggestions">
        {phrases.map((phrase) => (
          <li key={phrase}>
            <button
              type="button"
              class="phrase"
              aria-pressed={taken.includes(phrase)}
              disabled={full && !taken.includes(phrase)}
              onClick={() => (taken.includes(phrase) ? remove(phrase) : add(phrase))}
            >
              {phrase}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
