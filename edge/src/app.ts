import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./context.ts";
import { allowedMethods } from "./middleware/allowed-methods.ts";
import { apiVersion } from "./middleware/api-version.ts";
import { cors } from "./middleware/cors.ts";
import { onError, refuseInvalid } from "./middleware/on-error.ts";
import { requestId } from "./middleware/request-id.ts";
import { requestLog } from "./middleware/request-log.ts";
import { responseHeaders } from "./middleware/response-headers.ts";
import { describeWebhooks } from "./openapi/webhooks.ts";
import { notFound, problem, Refusal } from "./problem.ts";
import { createSession } from "./routes/account/create-session.ts";
import { getAccount } from "./routes/account/get-account.ts";
import { getUsage } from "./routes/account/get-usage.ts";
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
import { streamEvents } from "./routes/edits/stream-events.ts";
import { createImage } from "./routes/images/create-image.ts";
import { createMask } from "./routes/images/create-mask.ts";
import { createUpload } from "./routes/images/create-upload.ts";
import { deleteImage } from "./routes/images/delete-image.ts";
import { files } from "./routes/images/get-file.ts";
import { putUpload } from "./routes/images/put-upload.ts";
import { getDocs } from "./routes/service/get-docs.ts";
import { getHealth } from "./routes/service/get-health.ts";
import { getHome } from "./routes/service/get-home.ts";
import { getOpenapi } from "./routes/service/get-openapi.ts";
import { listModels } from "./routes/service/list-models.ts";
import { listPresets } from "./routes/service/list-presets.ts";
import { receiveStripe } from "./routes/service/receive-stripe.ts";
import { createToken } from "./routes/signed/create-token.ts";
import { renderEdit } from "./routes/signed/render-edit.ts";

/** The worker's HTTP side: the middleware of every request, then the routes, one file each. */
export const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

app.use(requestId(), requestLog(), responseHeaders(), cors(app), apiVersion());

const IMAGES = [createImage, createUpload, putUpload, createMask, deleteImage, files];
const EDITS = [createEdit, createAlternatives, getEdit, listEdits, streamEvents, cancelEdit, deleteEdit];
const SIGNED = [createToken, renderEdit];
const ACCOUNT = [getAccount, getUsage, rotateWebhookSecret, createSession];
const ADMIN = [createAccount, addCredits, putProvenance, createKey, revokeKey];
const SERVICE = [listPresets, listModels, receiveStripe, getHome, getDocs, getHealth, getOpenapi(app)];

for (const route of [...IMAGES, ...EDITS, ...SIGNED, ...ACCOUNT, ...ADMIN, ...SERVICE]) app.route("/", route);

describeWebhooks(app);
app.openAPIRegistry.registerComponent("securitySchemes", "key", {
  type: "http",
  scheme: "bearer",
  description: "A secret key (`sk_…`), or the operator's key on routes of the operator. Not from a browser.",
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
