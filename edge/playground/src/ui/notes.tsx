import type { Playground } from "../effects/use-playground.ts";
import { blocking, notesOf } from "../model/notes.ts";

/** What to know before the edit, beside the button that makes it. */
export function Notes({ page: { state } }: { page: Playground }) {
  const fault = blocking(state);
  return (
    <div class="notes" role="status">
      {fault !== null && (
        <p class="note fault">
          <strong>{fault.title}.</strong> {fault.advice}
        </p>
      )}
      {notesOf(state).map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}
