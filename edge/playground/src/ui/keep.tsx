import { useState } from "preact/hooks";
import { fileName } from "../effects/run-edit.ts";
import type { Playground } from "../effects/use-playground.ts";
import { versionAt } from "../model/history.ts";
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

const COPIED_MS = 2_500;

/** Edits have no seed: the same photo and the same link make the same picture. */
function CopyLink({ page }: { page: Playground }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const link = page.link();
    history.replaceState(null, "", new URL(link).hash);
    await navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false), // without the permission, the address bar has it
    );
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => void copy()}
      title="Carries words, schedule and sliders; a photo of your own and brush strokes stay here"
    >
      <LinkIcon />
      <span class="wordy" aria-live="polite">
        {copied ? "Link copied" : "Copy link"}
      </span>
    </button>
  );
}
