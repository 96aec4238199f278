import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import { usageSchema } from "../../../../shared/usage.ts";
import type { AppEnv } from "../../context.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { csvOf } from "../../usage/csv.ts";
import { rangeOf, reportOf } from "../../usage/days.ts";

const day = (description: string) =>
  z.iso.date("a date as in 2026-11-24").optional().meta({ description, example: "2026-11-24" });

const EXAMPLE = "date,edits,succeeded,credits,gpu_seconds\r\n2026-11-24,3,2,20,17.25\r\n";

const route = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "getUsage",
  tags: ["account"],
  summary: "Edits, credits and GPU-seconds a day",
  description: `Days are in UTC; an edit counts on the day on which it ended. Sums stay when edits are erased.
\`Accept: text/csv\` gives a table.`,
  security: SECURED,
  middleware: [requireKey({ scope: null })] as const,
  request: {
    query: z.object({
      from: day("First day; by default thirty days end with `to`."),
      to: day("Last day; today by default. At most 366 days in all."),
    }),
  },
  responses: {
    200: {
      description: "Every day of the range, oldest first.",
      content: {
        "application/json": { schema: usageSchema },
        "text/csv": { schema: { type: "string" as const }, example: EXAMPLE },
      },
    },
    ...KEY_REFUSALS,
    ...refusals(422),
  },
});

/** `GET /v1/usage` */
export const getUsage = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const range = rangeOf(c.req.valid("query"), Date.now());
  const report = reportOf(range, await c.get("caller").account.usage(range.from, range.to));
  c.header("Vary", "Accept");
  const supports = ["application/json", "text/csv"];
  if (accepts(c, { header: "Accept", supports, default: "application/json" }) !== "text/csv")
    return c.json(report, 200);
  const table = csvOf(["date", "edits", "succeeded", "credits", "gpu_seconds"], report.days);
  return c.body(table, 200, {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": `attachment; filename="usage-${range.from}-${range.to}.csv"`,
  });
});
