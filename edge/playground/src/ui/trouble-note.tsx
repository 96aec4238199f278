import type { Told } from "../model/state.ts";
import { CloseIcon } from "./icons.tsx";

interface Props {
  readonly trouble: Told | null;
  /** What trying again means, by what had the trouble. */
  readonly again: Readonly<Record<Told["of"], () => void>>;
  readonly dismiss: () => void;
}

/** What went wrong and what to do; read out at once. */
export function TroubleNote({ trouble, again, dismiss }: Props) {
  return (
    <div class="told" role="alert">
      {trouble !== null && (
        <div class="trouble">
          <div>
            <p class="trouble-title">{trouble.title}</p>
            <p>{trouble.advice}</p>
            {trouble.retry && (
              <button type="button" class="small" onClick={again[trouble.of]}>
                Try again
              </button>
            )}
          </div>
          <button type="button" class="quiet square" aria-label="Dismiss" onClick={dismiss}>
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
