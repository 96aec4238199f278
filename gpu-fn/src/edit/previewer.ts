import type { StepEvent } from "../method/sculpting.ts";
import { expectedClean, type Preview, PreviewPace } from "./preview.ts";

export interface PreviewerOptions {
  /** Times of the edit pass, t_0 = 0 to t_N = 1. */
  readonly timesteps: readonly number[];
  /** The noise that the pass begins with, [L, C]. */
  readonly start: Float32Array;
  draw(clean: Float32Array): Promise<Preview>;
  /** If absent, nothing is drawn. */
  readonly onPreview: ((preview: Preview) => void) | undefined;
}

/** Draws previews while the steps of an edit pass run. */
export class Previewer {
  readonly #options: PreviewerOptions;
  readonly #pace = new PreviewPace(performance.now());
  #latent: Float32Array;
  #drawn: Promise<void> = Promise.resolve();

  constructor(options: PreviewerOptions) {
    this.#options = options;
    this.#latent = options.start;
  }

  /** Called after each step of the edit pass. */
  step({ step, steps, latent, unfused }: StepEvent): void {
    const { timesteps, onPreview, draw } = this.#options;
    const before = this.#latent;
    this.#latent = latent;
    if (onPreview === undefined || step === steps || !this.#pace.due(performance.now())) return;
    const [from = 1, to = 0] = [timesteps[steps - step + 1], timesteps[steps - step]];
    const clean = expectedClean(before, unfused, { from, to });
    this.#drawn = Promise.all([this.#drawn, draw(clean)]).then(([, preview]) => onPreview(preview));
    // settled() reports the error, at the latest when the pass is over
    this.#drawn.catch(() => {});
  }

  /** Settles once every preview has been reported. @throws what drawing threw */
  settled(): Promise<void> {
    return this.#drawn;
  }
}
