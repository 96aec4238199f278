/** The report of a scene at each of its marks. */
import type { Ledger } from "./ledger.ts";
import type { Mark } from "./stage.ts";

/** Each call writes one line of JSON: the counts since the last call. */
export function marker(
  ledger: Ledger,
): (name: string, evaluations?: number, tokens?: Mark["tokens"]) => void {
  let since = performance.now();
  return (name, evaluations = 0, tokens) => {
    const played: Mark = {
      name,
      ms: Math.round(performance.now() - since),
      evaluations,
      ...(tokens && { tokens }),
      hostBytes: process.memoryUsage.rss(),
      ...ledger.take(),
    };
    process.stdout.write(`${JSON.stringify(played)}\n`);
    since = performance.now();
  };
}
