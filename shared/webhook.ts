import { z } from "zod";
import { type Edit, editSchema } from "./edit.ts";

/** The events of a webhook: the three ways an edit ends. */
const WEBHOOK_TYPES = ["edit.succeeded", "edit.failed", "edit.canceled"] as const;

export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/**
 * Body of a webhook, as in the Standard Webhooks specification: the event's type, when it happened (the same in every
 * delivery) and the edit as `GET /v1/edits/{id}` returns it at the time of delivery.
 */
export const webhookEventSchema = z
  .object({
    type: z.enum(WEBHOOK_TYPES),
    timestamp: z.iso.datetime(),
    data: editSchema,
  })
  .refine(({ type, data }) => type === `edit.${data.status}`, "type and status differ")
  .meta({ id: "WebhookEvent" });

export type WebhookEvent = z.output<typeof webhookEventSchema>;

/** The event of a final edit, or null while it is queued or running. */
export function webhookEventOf(edit: Edit): WebhookEvent | null {
  const type = WEBHOOK_TYPES.find((name) => name === `edit.${edit.status}`);
  if (type === undefined || edit.finished_at === null) return null;
  return { type, timestamp: edit.finished_at, data: edit };
}
