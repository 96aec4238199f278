import type { Trouble } from "../model/words.ts";
import { CloseIcon } from "./icons.tsx";

interface Props {
  readonly trouble: Trouble | null;
  readonly retry?: () => void;
  readonly dismiss: () => void;
}

/** What went wrong and what to do; read out at once. */
export function TroubleNote({ trouble, retry, dismiss }: Props) {
  return (
    <div class="toast" role="alert">
      {trouble !== null && (
        <div class="trouble">
          <div>
            <p class="trouble-title">{trouble.title}</p>
            <p>{trouble.advice}</p>
            {trouble.retry && retry !== undefined && (
              <button type="button" class="small" onClick={retry}>
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
