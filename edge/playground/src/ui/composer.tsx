import { useRef } from "preact/hooks";
import { ATTRIBUTES_MAX } from "../../../../shared/attributes.ts";
import type { Playground } from "../effects/use-playground.ts";
import { SUBJECTS, typed } from "../model/attributes.ts";
import { CloseIcon } from "./icons.tsx";
import { Suggestions } from "./suggestions.tsx";

/** What the portrait should show: who is in it, words, chips, suggestions. */
export function Composer({ page }: { page: Playground }) {
  const { state, dispatch, wanted, fault } = page;
  const { attributes, subject } = state.wanted;
  const input = useRef<HTMLInputElement>(null);
  const full = attributes.length >= ATTRIBUTES_MAX;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (fault === null && state.draft.trim() !== "") dispatch({ type: "add", ...typed(state.draft) });
  };
  return (
    <section class="card" aria-labelledby="composer">
      <h2 id="composer">What should it show?</h2>
      <fieldset class="segments">
        <legend>Photo of a</legend>
        {SUBJECTS.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="subject"
              checked={subject === name}
              onChange={() => dispatch({ type: "subject", subject: name })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <form class="words" onSubmit={submit}>
        <label for="prompt" class="hidden">
          What should change
        </label>
        <input
          ref={input}
          id="prompt"
          type="text"
          value={state.draft}
          maxLength={500}
          autocomplete="off"
          placeholder={
            attributes.length === 0 ? "wearing glasses, with a full beard …" : "Add another change"
          }
          aria-describedby="prompt-fault"
          aria-invalid={fault !== null}
          onInput={(event) => dispatch({ type: "draft", text: event.currentTarget.value })}
          onKeyDown={(event) => {
            const last = attributes.at(-1);
            if (event.key === "Backspace" && state.draft === "" && last !== undefined)
              dispatch({ type: "remove", attribute: last });
          }}
        />
        <button type="submit" disabled={state.draft.trim() === "" || fault !== null}>
          Add
        </button>
      </form>
      <p id="prompt-fault" class="fault">
        {wanted.attributes.length > 0 && fault}
      </p>
      <Chips page={page} goOn={() => input.current?.focus()} />
      <Suggestions
        taken={attributes}
        full={full}
        add={(text) => dispatch({ type: "add", ...typed(text) })}
        remove={(attribute) => dispatch({ type: "remove", attribute })}
      />
    </section>
  );
}

interface ChipsProps {
  readonly page: Playground;
  /** Where a key goes on whose chip is gone. */
  readonly goOn: () => void;
}

/** The attributes of the next edit; those the shown version has already are marked. */
function Chips({ page: { state, dispatch }, goOn }: ChipsProps) {
  const { attributes } = state.wanted;
  const shown = state.history.versions.find(({ id }) => id === state.history.at);
  const had = shown?.recipe.wanted.attributes ?? [];
  if (attributes.length === 0) return null;
  return (
    <ul class="chips" aria-label="Changes">
      {attributes.map((attribute) => (
        <li key={attribute} class={had.includes(attribute) ? "chip had" : "chip"}>
          {attribute}
          <button
            type="button"
            aria-label={`Remove ${attribute}`}
            onClick={({ detail: clicks }) => {
              dispatch({ type: "remove", attribute });
              if (clicks === 0) goOn();
            }}
          >
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}
