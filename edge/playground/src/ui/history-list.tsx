import type { Dispatch } from "preact/hooks";
import { type History, rowsOf } from "../model/history.ts";
import type { Photo } from "../model/photo.ts";
import type { Action } from "../model/state.ts";
import { RedoIcon, UndoIcon } from "./icons.tsx";

interface Props {
  readonly photo: Photo;
  readonly history: History;
  readonly busy: boolean;
  readonly dispatch: Dispatch<Action>;
}

/** All versions of the photo. The next edit goes on from the one that is shown, and always from the photo's own pixels. */
export function HistoryList({ photo, history, busy, dispatch }: Props) {
  const rows = rowsOf(history);
  return (
    <section class="card history" aria-labelledby="history">
      <div class="row">
        <h2 id="history">Versions</h2>
        <div class="row">
          <button
            type="button"
            class="quiet square"
            aria-label="Undo"
            disabled={busy || history.at === null}
            onClick={() => dispatch({ type: "undo" })}
          >
            <UndoIcon />
          </button>
          <button
            type="button"
            class="quiet square"
            aria-label="Redo"
            disabled={busy || history.undone.length === 0}
            onClick={() => dispatch({ type: "redo" })}
          >
            <RedoIcon />
          </button>
        </div>
      </div>
      <ol class="versions">
        <Entry
          picture={photo.url}
          label="The photo"
          depth={0}
          current={history.at === null}
          busy={busy}
          choose={() => dispatch({ type: "choose", at: null })}
        />
        {rows.map(({ version, depth, label }) => (
          <Entry
            key={version.id}
            picture={version.outcome.url}
            label={label}
            depth={depth}
            current={history.at === version.id}
            busy={busy}
            choose={() => dispatch({ type: "choose", at: version.id })}
          />
        ))}
      </ol>
      <p class="hint">
        {rows.length === 0
          ? "Edits collect here. Each one starts from the photo itself, so nothing wears off."
          : "The next edit goes on from the version shown. Choose an earlier one to branch off."}
      </p>
    </section>
  );
}

interface EntryProps {
  readonly picture: string;
  readonly label: string;
  readonly depth: number;
  readonly current: boolean;
  readonly busy: boolean;
  readonly choose: () => void;
}

function Entry({ picture, label, depth, current, busy, choose }: EntryProps) {
  return (
    <li style={{ "--depth": String(depth) }}>
      <button
        type="button"
        class="version"
        aria-current={current ? "true" : undefined}
        disabled={busy}
        onClick={choose}
      >
        <img src={picture} alt="" width={48} height={48} />
        <span>{label}</span>
      </button>
    </li>
  );
}
