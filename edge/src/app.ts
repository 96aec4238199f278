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
import { account } from "./routes/account.ts";
import { addCredits } from "./routes/add-credits.ts";
import { cancelEdit } from "./routes/cancel-edit.ts";
import { createAccount } from "./routes/create-account.ts";
import { createAlternatives } from "./routes/create-alternatives.ts";
import { createEdit } from "./routes/create-edit.ts";
import { createImage } from "./routes/create-image.ts";
import { createKey } from "./routes/create-key.ts";
import { createMask } from "./routes/create-mask.ts";
import { deleteEdit } from "./routes/delete-edit.ts";
import { deleteImage } from "./routes/delete-image.ts";
import { docs } from "./routes/docs.ts";
import { editEvents } from "./routes/edit-events.ts";
import { files } from "./routes/files.ts";
import { getEdit } from "./routes/get-edit.ts";
import { healthz } from "./routes/healthz.ts";
import { home } from "./routes/home.ts";
import { listEdits } from "./routes/list-edits.ts";
import { models } from "./routes/models.ts";
import { openapi } from "./routes/openapi.ts";
import { playgroundSession } from "./routes/playground-session.ts";
import { presets } from "./routes/presets.ts";
import { putProvenance } from "./routes/put-provenance.ts";
import { putUpload } from "./routes/put-upload.ts";
import { render } from "./routes/render.ts";
import { revokeKey } from "./routes/revoke-key.ts";
import { rotateWebhookSecret } from "./routes/rotate-webhook-secret.ts";
import { sign } from "./routes/sign.ts";
import { stripeWebhook } from "./routes/stripe-webhook.ts";
import { uploads } from "./routes/uploads.ts";
import { usage } from "./routes/usage.ts";

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
