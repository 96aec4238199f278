import { SingleBar } from "cli-progress";

export interface Progress {
  /** Starts the bar over so many units of work; draws nothing if stderr is not a terminal. */
  expect(units: number): void;
  tick(label: string): void;
  /** Removes the bar before a table or an error is printed. */
  stop(): void;
}

export function openProgress(): Progress {
  const bar = new SingleBar({ format: "{bar} {value}/{total} · {eta_formatted} left · {label}" });
  return {
    expect(units) {
      if (process.stderr.isTTY) bar.start(units, 0, { label: "" });
    },
    tick: (label) => bar.increment(1, { label }),
    stop: () => bar.stop(),
  };
}
