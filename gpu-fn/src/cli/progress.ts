import { type Bar, SingleBar } from "cli-progress";
import type { Progress } from "../../../shared/progress.ts";

const PHASES: Record<Progress["phase"], string> = {
  load: "loading",
  encode: "encoding",
  locate: "locating",
  inversion: "inverting",
  edit: "editing",
  decode: "decoding",
};

/** A bar over the evaluations of one edit, on stderr; nothing where stderr is not a terminal. */
export function progressBar(): { update(progress: Progress): void; stop(): void } {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar: Bar = new SingleBar({
    format: "{phase} {bar} {value}/{total} evaluations · {eta_formatted} left",
    hideCursor: true,
    barCompleteChar: "█",
    barIncompleteChar: "░",
  });
  bar.start(0, 0, { phase: PHASES.load.padEnd(9) });
  return {
    update({ phase, evaluations, planned }) {
      bar.setTotal(planned);
      bar.update(evaluations, { phase: PHASES[phase].padEnd(9) });
    },
    stop: () => bar.stop(),
  };
}
