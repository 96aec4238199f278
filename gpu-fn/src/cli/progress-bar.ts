import { type Bar, SingleBar } from "cli-progress";
import type { Advance } from "./editor.ts";

export interface ProgressBar {
  update(advance: Advance): void;
  stop(): void;
}

/**
 * A progress bar for one edit, on stderr; nothing if stderr is not a terminal.
 * @param title names the photo if there are several
 */
export function progressBar(title = ""): ProgressBar {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar: Bar = new SingleBar({
    format: `${title}{doing} {bar} {percentage} % · {left}`,
    hideCursor: true,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
  });
  const words = (doing: string, left: string) => ({ doing: doing.padEnd(9), left });
  const began = performance.now();
  bar.start(1, 0, words("loading", "…"));
  return {
    update({ doing, done, total, leftMs }) {
      const pace = done > 0 ? ((performance.now() - began) / done) * (total - done) : null;
      bar.setTotal(total);
      bar.update(done, words(doing, remaining(leftMs ?? pace)));
    },
    stop: () => bar.stop(),
  };
}

function remaining(ms: number | null): string {
  if (ms === null) return "…";
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}
