import Stripe from "stripe";
import { newId } from "../../../shared/ids.ts";
import { bindings, chunked } from "../client.ts";
import type { Operation } from "./operation.ts";

/** Operations of the service itself. */
export const SERVICE: readonly Operation[] = [
  {
    name: "POST /v1/stripe/webhook",
    access: "signature",
    status: 200,
    ask: async () => {
      const payload = JSON.stringify({
        id: newId("evt"),
        object: "event",
        type: "a.b",
        data: { object: {} },
      });
      const secret = bindings.STRIPE_WEBHOOK_SECRET ?? "";
      const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });
      const headers = { "Content-Type": "application/json", "Stripe-Signature": signature };
      return { path: "/v1/stripe/webhook", body: payload, headers };
    },
    wrong: () => [[{ body: chunked("{}") }, 411, "length_required"]],
    forged: [400, "invalid_request"],
  },
  ...["/v1/presets", "/v1/models", "/healthz", "/openapi.json"].map((path) => ({
    name: `GET ${path}`,
    access: "anybody" as const,
    status: 200,
    ask: () => ({ path }),
  })),
];
