import { z } from "zod";
import { editSchema } from "./edit.ts";
import { progressSchema } from "./progress.ts";

/** The events of `GET /v1/edits/{id}/events`: an edit's progress, and last of all its end. */
export const EDIT_EVENTS = [
  "queued",
  "started",
  "progress",
  "preview",
  "succeeded",
  "failed",
  "canceled",
] as const;

export type EditEventName = (typeof EDIT_EVENTS)[number];

const { phase, step, steps } = progressSchema.shape;

/** `event` and `data` of one Server-Sent Event. Its `id` increases with every event of the edit. */
export const editEventSchema = z
  .discriminatedUnion("event", [
    z
      .object({
        event: z.literal("queued"),
        /** Place among the account's own waiting edits: 1 is next. */
        data: z.object({ position: z.int().min(1) }),
      })
      .meta({ id: "QueuedEvent" }),
    z
      .object({ event: z.literal("started"), data: z.object({ started_at: z.iso.datetime() }) })
      .meta({ id: "StartedEvent" }),
    z
      .object({
        event: z.literal("progress"),
        /** Milliseconds until the edit is done, if it can be estimated. */
        data: z.object({ phase, step, steps, eta_ms: z.number().min(0).nullable() }),
      })
      .meta({ id: "ProgressEvent" }),
    z.object({ event: z.literal("preview"), data: z.object({ url: z.url() }) }).meta({ id: "PreviewEvent" }),
    z.object({ event: z.literal("succeeded"), data: editSchema }).meta({ id: "SucceededEvent" }),
    z.object({ event: z.literal("failed"), data: editSchema }).meta({ id: "FailedEvent" }),
    z.object({ event: z.literal("canceled"), data: editSchema }).meta({ id: "CanceledEvent" }),
  ])
  .meta({ id: "EditEvent", example: { event: "queued", data: { position: 1 } } });

export type EditEvent = z.output<typeof editEventSchema>;
