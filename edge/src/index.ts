import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { problem } from "./problem.ts";
import { healthz } from "./routes/healthz.ts";
import { presets } from "./routes/presets.ts";

/** The worker: public routes, each a file under `routes/`. Every answer carries `X-Request-Id`. */
const app = new Hono();

app.use(requestId());
app.route("/", healthz);
app.route("/", presets);
app.notFound((c) => problem(c, "not_found", "there is nothing at this address"));
app.onError((error, c) => {
  console.error(JSON.stringify({ request_id: c.get("requestId"), error: error.name }));
  return problem(c, "internal", "the request failed on our side");
});

export default app;
