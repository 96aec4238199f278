import { Hono, type MiddlewareHandler } from "hono";
import { type RequestIdVariables, requestId } from "hono/request-id";
import {
  editTaskSchema,
  forgetTaskSchema,
  type GpuHealth,
  HEARTBEAT_MS,
  type LookAnswer,
  lookTaskSchema,
  maskTaskSchema,
} from "../../../shared/gpu.ts";
import type { Looker } from "../look/looker.ts";
import { type Moderator, NO_MODERATION } from "../moderation/moderator.ts";
import { NO_PROVENANCE, type ProvenanceKeys } from "../provenance/provenance.ts";
import { eventStream } from "./event-stream.ts";
import { faultOf, type Log } from "./log.ts";
import { refusalAtLook } from "./look-task.ts";
import type { ModelHost } from "./model-host.ts";
import { otherModel, performer } from "./perform-task.ts";
import { problem, type ServerContext } from "./problem.ts";
import { scopeOf, type Task } from "./run.ts";
import { Runs } from "./runs.ts";
import { readTask } from "./task-body.ts";

/** Seconds after which a caller may retry if this process cannot serve. */
const AWAY_SECONDS = 5;
/** Seconds to wait until somebody has deployed the right model. */
const MISMATCH_SECONDS = 60;

export interface AppParts {
  readonly host: ModelHost;
  readonly looker: Pick<Looker, "look">;
  readonly authorized: (headers: Headers) => boolean;
  readonly log: Log;
  readonly heartbeatMs?: number;
  readonly provenance?: ProvenanceKeys;
  readonly moderator?: Moderator;
  /** Called if the engine hangs in a run that has ended. */
  readonly onHang?: () => void;
}

/** `POST /edit`, `POST /mask`, `POST /look`, `POST /forget`, `GET /healthz`: the contract of shared/gpu.ts over HTTP. */
export function createApp({
  host,
  looker,
  authorized,
  log,
  heartbeatMs = HEARTBEAT_MS,
  provenance = NO_PROVENANCE,
  moderator = NO_MODERATION,
  onHang,
}: AppParts) {
  const runs = new Runs(performer(host, heartbeatMs, { keys: provenance, moderator }), log, onHang);
  const app = new Hono<{ Variables: RequestIdVariables }>();
  app.use(requestId());

  const unavailable = (c: ServerContext, detail: string, seconds: number) =>
    problem(c, "gpu_unavailable", detail, { headers: { "Retry-After": String(seconds) } });

  const answer = (c: ServerContext, task: Task): Response => {
    const other = otherModel(task.task.model, host.model);
    if (other !== null) {
      log("model_mismatch", { reason: other });
      return unavailable(c, other, MISMATCH_SECONDS);
    }
    if (host.status === "failed") return unavailable(c, "the model could not be loaded", AWAY_SECONDS);
    const taken = runs.take(task);
    if (taken.outcome === "conflict") return problem(c, "conflict", taken.detail);
    if (taken.outcome === "stopping") return unavailable(c, "shutting down", AWAY_SECONDS);
    if (taken.outcome === "busy") return unavailable(c, "another run is under way", taken.retryAfterSeconds);
    return c.body(eventStream(taken.run, heartbeatMs), 200, {
      "Content-Type": "application/x-ndjson",
      "Cache-Control": "no-store",
    });
  };

  const guard: MiddlewareHandler<{ Variables: RequestIdVariables }> = async (c, next) => {
    if (c.req.method !== "POST")
      return problem(c, "method_not_allowed", "send a POST", { headers: { Allow: "POST" } });
    if (!authorized(c.req.raw.headers))
      return problem(c, "unauthorized", "the credential is missing or wrong", {
        headers: { "WWW-Authenticate": "Bearer" },
      });
    return next();
  };
  app.use("/edit", guard);
  app.use("/mask", guard);
  app.use("/look", guard);
  app.use("/forget", guard);
  app.post("/edit", async (c) => {
    const read = await readTask(c, editTaskSchema);
    return "refused" in read ? read.refused : answer(c, { kind: "edit", task: read.task });
  });
  app.post("/mask", async (c) => {
    const read = await readTask(c, maskTaskSchema);
    return "refused" in read ? read.refused : answer(c, { kind: "mask", task: read.task });
  });

  app.post("/look", async (c) => {
    const read = await readTask(c, lookTaskSchema);
    if ("refused" in read) return read.refused;
    const other = otherModel(read.task.model, host.model);
    if (other !== null) return unavailable(c, other, MISMATCH_SECONDS);
    const refused = await refusalAtLook(looker, read.task, c.req.raw.signal);
    return c.json({ refused } satisfies LookAnswer, 200, { "Cache-Control": "no-store" });
  });

  app.post("/forget", async (c) => {
    const read = await readTask(c, forgetTaskSchema);
    if ("refused" in read) return read.refused;
    runs.forget(read.task);
    if ("tenant" in read.task) host.forget(scopeOf(read.task.tenant, read.task.photo_sha256));
    return c.body(null, 204);
  });

  app.get("/healthz", (c) => {
    const health: GpuHealth = {
      status: host.status,
      busy: runs.busy,
      model: host.model,
      uptime_ms: Math.round(1000 * process.uptime()),
      phases: host.phases,
      moderation: moderator.state,
      inversions: host.inversions,
    };
    return c.json(health, 200, { "Cache-Control": "no-store" });
  });
  app.all("/healthz", (c) =>
    problem(c, "method_not_allowed", "send a GET", { headers: { Allow: "GET, HEAD" } }),
  );

  app.notFound((c) => problem(c, "not_found", "there is no such route"));
  app.onError((error, c) => {
    log("fault", { request_id: c.get("requestId"), ...faultOf(error) });
    return problem(c, "internal", "the GPU function failed to answer");
  });
  return { app, runs };
}
