/** Maximum time that a request waits for its edit, in seconds. */
const WAIT_MAX_SECONDS = 60;

const WAIT = /(?:^|[,;])\s*wait\s*(?:=\s*"?(\d{1,9})"?\s*)?(?=$|[,;])/i;

/** Seconds of `Prefer: wait=…` (RFC 7240, 4.3), at most 60, the default of a bare `wait`; null without a wait. */
export function preferredWait(header: string | undefined): number | null {
  const found = WAIT.exec(header ?? "");
  return found && Math.min(WAIT_MAX_SECONDS, Number(found[1] ?? WAIT_MAX_SECONDS));
}
