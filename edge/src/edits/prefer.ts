/** Longest that a request waits for its edit, in seconds. */
const WAIT_MAX_SECONDS = 60;

const WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i;

/** Seconds of `Prefer: wait=…` (RFC 7240, 4.3), clamped to 60; null where waiting is not asked for. */
export function preferredWait(header: string | undefined): number | null {
  const [, seconds] = WAIT.exec(header ?? "") ?? [];
  return seconds === undefined ? null : Math.min(WAIT_MAX_SECONDS, Number(seconds));
}
