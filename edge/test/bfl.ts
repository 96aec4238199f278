import { Hono } from "hono";

export const BFL_KEY = "bfl-key-of-the-tests";

const reports: number[] = [];

/**
 * Fake of Black Forest Labs' usage report (https://docs.bfl.ai/api-reference/models/report-model-usage); `GET
 * /test/reports` lists what was reported.
 */
export const bfl = new Hono();

bfl.post("/v1/licenses/models/:model/usage", async (c) => {
  if (c.req.header("x-key") !== BFL_KEY) return c.json({ detail: "Not authenticated" }, 403);
  if (c.req.param("model") !== "flux-1-dev") return c.json({ detail: "Model slug not supported" }, 400);
  const { number_of_generations: generations } = await c.req.json<{ number_of_generations: unknown }>();
  if (!Number.isSafeInteger(generations) || Number(generations) < 1) return c.json({ detail: [] }, 422);
  reports.push(Number(generations));
  return c.json({ message: "Usage recorded successfully" });
});

bfl.get("/test/reports", (c) => c.json(reports));
