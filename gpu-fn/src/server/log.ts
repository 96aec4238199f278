/**
 * Logs an event. Fields are ids, codes and numbers, never a prompt, a picture, a URL or a key; `time` and `event` are the
 * log's own.
 */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | null>> & {
    readonly time?: never;
    readonly event?: never;
  },
) => void;

/** Logs one JSON line per event. @param write receives a line; default: stdout */
export function jsonLog(write: (line: string) => void = (line) => void process.stdout.write(line)): Log {
  return (event, fields = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

/** What a log may contain of a fault: its class and where it was thrown. A message could quote what a user sent. */
export function faultOf(error: unknown): { fault: string; at: string | null } {
  if (!(error instanceof Error)) return { fault: typeof error, at: null };
  const frame = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return { fault: error.name, at: frame?.trim() ?? null };
}

/** Longest reason that is logged, in characters: the runtime's own lines are long. */
const REASON_MAX = 500;

/** Why a part could not start, in one line. Only for faults before any task, whose messages hold nothing a user sent. */
export function reasonOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line.slice(0, REASON_MAX);
}
