import { useRef, useState } from "preact/hooks";
import { fileName } from "../effects/run-edit.ts";
import type { Playground } from "../effects/use-playground.ts";
import { versionAt } from "../model/history.ts";
import { linkHolds } from "../model/link.ts";
import { DownloadIcon, LinkIcon, PhotoIcon } from "./icons.tsx";

/** What can be done with the picture as a whole. */
export function Keep({ page }: { page: Playground }) {
  return (
    <div class="row keep">
      <Download page={page} />
      <CopyLink page={page} />
      <button type="button" class="quiet" onClick={page.photo.close}>
        <PhotoIcon /> <span class="wordy">Another photo</span>
      </button>
    </div>
  );
}

function Download({ page: { state } }: { page: Playground }) {
  const version = versionAt(state.history);
  if (version === null || state.photo === null)
    return (
      <button type="button" class="quiet" disabled>
        <DownloadIcon /> <span class="wordy">Download</span>
      </button>
    );
  const { outcome, recipe } = version;
  return (
    <a
      class="button quiet"
      href={outcome.url}
      download={fileName(state.photo, recipe.wanted.attributes, outcome.type)}
    >
      <DownloadIcon /> <span class="wordy">Download</span>
    </a>
  );
}

/** Long enough to be read, in milliseconds. */
const TOLD_MS = 8_000;

/** Edits have no seed: the same photo and the same link make the same picture. */
function CopyLink({ page }: { page: Playground }) {
  const [told, tell] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const copy = async () => {
    const link = page.link();
    history.replaceState(history.state, "", new URL(link).hash);
    // without the permission, or on a page that came without TLS, the address bar has it
    const copied = await Promise.resolve(navigator.clipboard?.writeText(link) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    tell(`${copied ? "Link copied" : "The link is in the address bar"}. ${linkHolds(page.state)}`);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(null), TOLD_MS);
  };
  return (
    <div class="beside">
      <button type="button" class="quiet" onClick={() => void copy()}>
        <LinkIcon /> <span class="wordy">Copy link</span>
      </button>
      <p class="told-link" role="status">
        {told}
      </p>
    </div>
  );
}
