import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PhotoChoice } from "../effects/use-photo.ts";
import { EXAMPLES, thumbnailOf } from "../model/examples.ts";
import { UploadIcon } from "./icons.tsx";

/** Before there is a photo: drop or choose one, or take an example. */
export function Welcome({ photo, trouble }: { photo: PhotoChoice; trouble: JSX.Element }) {
  return (
    <div class="welcome">
      <h2 class="promise">Say what the portrait should show.</h2>
      <p class="lead">Only what you describe changes. Every pixel around it stays your photo’s own.</p>
      <DropZone choose={photo.file} />
      {trouble}
      <section aria-labelledby="examples">
        <h3 id="examples" class="label">
          Or begin with an example
        </h3>
        <ul class="examples">
          {EXAMPLES.map((example) => (
            <li key={example.name}>
              <button type="button" class="example" onClick={() => photo.example(example)}>
                <img src={thumbnailOf(example)} alt={example.shows} width={160} height={160} />
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** A button that also takes dropped and pasted files. */
function DropZone({ choose }: { choose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file !== undefined) choose(file);
  };
  return (
    <div class="drop-frame">
      <button
        type="button"
        class={over ? "drop over" : "drop"}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files);
        }}
        onPaste={(event) => take(event.clipboardData?.files)}
      >
        <UploadIcon />
        <span class="drop-words">Drop a photo here, or choose one</span>
        <span class="hint">JPEG, PNG, WebP or AVIF, up to 15 MB. Erased after a day.</span>
      </button>
      <input
        ref={input}
        class="hidden"
        type="file"
        accept="image/*"
        aria-label="Photo"
        tabIndex={-1}
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
