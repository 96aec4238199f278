import { z } from "zod";

/** Maximum range of days, inclusive, and the default range. */
export const USAGE_DAYS = { max: 366, default: 30 } as const;

/** The usage of edits that ended on one day (UTC). */
const usageDaySchema = z.object({
  date: z.iso.date(),
  /** Edits that ended, with any outcome. */
  edits: z.int().min(0),
  succeeded: z.int().min(0),
  /** Captured credits. */
  credits: z.int().min(0),
  /** GPU time of successful runs: mask, inversion and edit. */
  gpu_seconds: z.number().min(0),
});

export type UsageDay = z.output<typeof usageDaySchema>;

/** `GET /v1/usage`: every day of the range, oldest first. */
export const usageSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    total: usageDaySchema.omit({ date: true }),
    days: z.array(usageDaySchema),
  })
  .meta({
    id: "Usage",
    example: {
      from: "2026-11-23",
      to: "2026-11-24",
      total: { edits: 3, succeeded: 2, credits: 20, gpu_seconds: 17.25 },
      days: [
        { date: "2026-11-23", edits: 0, succeeded: 0, credits: 0, gpu_seconds: 0 },
        { date: "2026-11-24", edits: 3, succeeded: 2, credits: 20, gpu_seconds: 17.25 },
      ],
    },
  });

export type Usage = z.output<typeof usageSchema>;
