import { USAGE_DAYS, type Usage, type UsageDay } from "../../../shared/usage.ts";
import { invalid } from "../problem.ts";

const DAY_MS = 86_400_000;

/** Days of a report, inclusive, `YYYY-MM-DD` in UTC. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/**
 * The requested range. If one end is missing, it is thirty days long; if both are, it ends today.
 * @throws Refusal `invalid_request` for a range that is empty or longer than 366 days
 */
export function rangeOf(
  { from, to }: Partial<Record<keyof DayRange, string | undefined>>,
  now: number,
): DayRange {
  const span = (USAGE_DAYS.default - 1) * DAY_MS;
  const end = to ?? (from === undefined ? dayOf(now) : dayOf(Math.min(now, Date.parse(from) + span)));
  const start = from ?? dayOf(Date.parse(end) - span);
  if (start > end) throw invalid("from", "the range ends before it begins");
  if ((Date.parse(end) - Date.parse(start)) / DAY_MS >= USAGE_DAYS.max)
    throw invalid("from", `the range is longer than ${USAGE_DAYS.max} days`);
  return { from: start, to: end };
}

/** A report with every day of the range, including days without usage. */
export function reportOf({ from, to }: DayRange, used: readonly UsageDay[]): Usage {
  const known = new Map(used.map((day) => [day.date, day]));
  const days: UsageDay[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const date = dayOf(at);
    days.push(known.get(date) ?? { date, edits: 0, succeeded: 0, credits: 0, gpu_seconds: 0 });
  }
  const sum = (of: Exclude<keyof UsageDay, "date">) => days.reduce((total, day) => total + day[of], 0);
  const gpu_seconds = Math.round(sum("gpu_seconds") * 1000) / 1000;
  const total = { edits: sum("edits"), succeeded: sum("succeeded"), credits: sum("credits"), gpu_seconds };
  return { from, to, total, days };
}
