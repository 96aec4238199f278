import { useState } from "preact/hooks";
import type { Playground } from "../effects/use-playground.ts";
import { CODE_LANGUAGES, codeOf } from "../model/code.ts";
import { versionAt } from "../model/history.ts";

/** The request that makes the shown version again, as a program would send it. */
export function ShowCode({ page: { state } }: { page: Playground }) {
  const [language, choose] = useState<(typeof CODE_LANGUAGES)[number]>("curl");
  const version = versionAt(state.history);
  if (version === null) return null;
  const code = codeOf(language, version.recipe, state.presets, location.origin);
  return (
    <details class="unfold code">
      <summary>Show code</summary>
      <div class="row">
        {CODE_LANGUAGES.map((each) => (
          <button
            type="button"
            class="quiet"
            key={each}
            aria-pressed={each === language}
            onClick={() => choose(each)}
          >
            {each}
          </button>
        ))}
        <button type="button" class="quiet" onClick={() => void navigator.clipboard.writeText(code)}>
          Copy code
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0}>{code}</pre>
      <p>
        <a href="/docs/first-edit">How to begin</a> · <a href="/docs">the API</a>
      </p>
    </details>
  );
}
