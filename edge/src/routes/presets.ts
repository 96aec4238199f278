import { Hono } from "hono";
import { PRESETS, plannedEvaluations } from "../../../shared/presets.ts";
import { REGIONS } from "../../../shared/regions.ts";

/** `GET /v1/presets`: the named schedules with their evaluations, and the region vocabulary. */
export const presets = new Hono().get("/v1/presets", (c) =>
  c.json({
    presets: Object.entries(PRESETS).map(([name, schedule]) => ({
      name,
      schedule,
      evaluations: plannedEvaluations(schedule),
    })),
    regions: REGIONS,
  }),
);
