/** What a scene says at each of its marks. */
import type { Ledger } from "./ledger.ts";
import type { Mark } from "./stage.ts";

/** Each call writes a line of JSON: what was counted since the last one. */
export function marker(ledger: Ledger): (name: string, evaluations?: number) => void {
  let since = performance.now();
  return (name, evaluations = 0) => {
    const played: Mark = {
      name,
      ms: Math.round(performance.now() - since),
      evaluations,
      hostBytes: process.memoryUsage.rss(),
      ...ledger.take(),
    };
    process.stdout.write(`${JSON.stringify(played)}\n`);
    since = performance.now();
  };
}
