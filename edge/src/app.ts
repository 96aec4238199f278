import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./context.ts";
import { allowedMethods } from "./middleware/allowed-methods.ts";
import { cors } from "./middleware/cors.ts";
import { onError, refuseInvalid } from "./middleware/on-error.ts";
import { requestId } from "./middleware/request-id.ts";
import { requestLog } from "./middleware/request-log.ts";
import { responseHeaders } from "./middleware/response-headers.ts";
import { describeWebhooks } from "./openapi/webhooks.ts";
import { notFound, problem, Refusal } from "./problem.ts";
import { playgroundSession } from "./routes/account/create-session.ts";
import { account } from "./routes/account/get-account.ts";
import { usage } from "./routes/account/get-usage.ts";
import { rotateWebhookSecret } from "./routes/account/rotate-webhook-secret.ts";
import { addCredits } from "./routes/admin/add-credits.ts";
import { createAccount } from "./routes/admin/create-account.ts";
import { createKey } from "./routes/admin/create-key.ts";
import { putProvenance } from "./routes/admin/put-provenance.ts";
import { revokeKey } from "./routes/admin/revoke-key.ts";
import { cancelEdit } from "./routes/edits/cancel-edit.ts";
import { createAlternatives } from "./routes/edits/create-alternatives.ts";
import { createEdit } from "./routes/edits/create-edit.ts";
import { deleteEdit } from "./routes/edits/delete-edit.ts";
import { getEdit } from "./routes/edits/get-edit.ts";
import { listEdits } from "./routes/edits/list-edits.ts";
import { editEvents } from "./routes/edits/stream-events.ts";
import { createImage } from "./routes/images/create-image.ts";
import { createMask } from "./routes/images/create-mask.ts";
import { uploads } from "./routes/images/create-upload.ts";
import { deleteImage } from "./routes/images/delete-image.ts";
import { files } from "./routes/images/get-file.ts";
import { putUpload } from "./routes/images/put-upload.ts";
import { docs } from "./routes/service/get-docs.ts";
import { healthz } from "./routes/service/get-health.ts";
import { home } from "./routes/service/get-home.ts";
import { openapi } from "./routes/service/get-openapi.ts";
import { models } from "./routes/service/list-models.ts";
import { presets } from "./routes/service/list-presets.ts";
import { stripeWebhook } from "./routes/service/receive-stripe.ts";
import { sign } from "./routes/signed/create-token.ts";
import { render } from "./routes/signed/render-edit.ts";

/** The worker's HTTP side: what every request passes, then the routes, each a file. */
export const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

app.use(requestId(), requestLog(), responseHeaders(), cors(app));

for (const route of [createImage, createMask, createAlternatives, createEdit, getEdit]) app.route("/", route);
for (const route of [listEdits, editEvents, cancelEdit, deleteEdit, deleteImage]) app.route("/", route);
for (const route of [uploads, putUpload, sign, render]) app.route("/", route);
for (const route of [account, usage, presets, models, files]) app.route("/", route);
for (const route of [
  createAccount,
  addCredits,
  putProvenance,
  createKey,
  revokeKey,
  rotateWebhookSecret,
  stripeWebhook,
])
  app.route("/", route);
for (const route of [home, docs, healthz, openapi(app)]) app.route("/", route);
app.route("/", playgroundSession);

describeWebhooks(app);
app.openAPIRegistry.registerComponent("securitySchemes", "key", {
  type: "http",
  scheme: "bearer",
  description: "A secret key (`sk_…`), or the bootstrap admin key on admin routes. Not from a browser.",
});

app.openAPIRegistry.registerComponent("securitySchemes", "token", {
  type: "apiKey",
  in: "query",
  name: "token",
  description: "A token of `POST /v1/sign`, in place of a key. Browsers may send it.",
});

app.notFound((c) => {
  const allowed = allowedMethods(app.routes, c.req.path);
  if (allowed.length === 0) return problem(c, notFound("address"));
  return problem(
    c,
    new Refusal("method_not_allowed", `${c.req.path} takes ${allowed.join(", ")}`, {
      headers: { Allow: allowed.join(", ") },
    }),
  );
});
app.onError(onError);
