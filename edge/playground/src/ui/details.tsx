import type { Playground } from "../effects/use-playground.ts";
import { allDetails } from "../model/details.ts";
import { versionAt } from "../model/history.ts";

/** The figures of the shown version, for who wants them. */
export function Details({ page: { state } }: { page: Playground }) {
  const version = versionAt(state.history);
  if (version === null) return null;
  return (
    <details class="unfold">
      <summary>Details</summary>
      <dl>
        {allDetails(version, state.presets).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
