import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { isFinal } from "../../../../shared/edit.ts";
import { EDIT_EVENTS, editEventSchema } from "../../../../shared/event.ts";
import type { AppEnv } from "../../context.ts";
import { openEdit } from "../../edits/open-edit.ts";
import { settingsOf } from "../../env.ts";
import { listener } from "../../events/edit-events.ts";
import { writeEvents } from "../../events/stream.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { KEY_OR_TOKEN, KEY_REFUSALS, refusals } from "../../openapi/answers.ts";
import { notFound, Refusal } from "../../problem.ts";

/** `Retry-After` if too many streams are open, in seconds. */
const RETRY_AFTER_SECONDS = 5;

const DESCRIPTION = `Server-Sent Events: \`queued\`, \`started\`, \`progress\`, \`preview\`, then one of \`succeeded\`,
\`failed\` and \`canceled\` with the edit, and the stream ends. \`data\` is JSON, as \`EditEvent\` says for each \`event\`.
For a final edit that is the only event. Ids increase; \`Last-Event-ID\` resumes after the event it names, and if that
was the last one, the answer is 204, on which browsers stop reconnecting. Of progress only the latest is sent.`;

const EXAMPLE = [
  'id: 1\nevent: queued\ndata: {"position":1}\n\n',
  'id: 2\nevent: started\ndata: {"started_at":"2026-11-24T09:30:00.000Z"}\n\n',
  'id: 3\nevent: progress\ndata: {"phase":"edit","step":7,"steps":30,"eta_ms":5200}\n\n',
].join("");

/** One event, in the fields of the stream's format: tools that read streams validate each against it. */
const EVENT = {
  type: "object" as const,
  required: ["id", "event", "data"],
  properties: {
    id: { type: "string" as const, pattern: "^[0-9]+$" },
    event: { type: "string" as const, enum: [...EDIT_EVENTS] },
    data: { type: "string" as const, description: "JSON." },
  },
};

const route = createRoute({
  method: "get",
  path: "/v1/edits/{id}/events",
  operationId: "streamEvents",
  tags: ["edits"],
  summary: "Follow an edit",
  description: DESCRIPTION,
  security: KEY_OR_TOKEN,
  middleware: [requireKeyOrToken("edit", { scope: "edits" })] as const,
  request: {
    params: z.object({ id: z.string().meta({ example: "edit_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }),
    headers: z.object({
      "last-event-id": z
        .string()
        .optional()
        .meta({ description: "Id of the last event seen.", example: "3" }),
    }),
  },
  responses: {
    200: {
      description: "The edit's events, until its end.",
      content: { "text/event-stream": { schema: EVENT, example: EXAMPLE } },
    },
    204: { description: "The edit is final, and the client has seen its last event." },
    ...KEY_REFUSALS,
    ...refusals(404),
  },
});

/** `GET /v1/edits/{id}/events` */
export const streamEvents = new OpenAPIHono<AppEnv>();

/** Defined here, so that it is extended with OpenAPI whichever module was loaded first. */
const documented = z.discriminatedUnion("event", editEventSchema.options);

streamEvents.openAPIRegistry.register(
  "EditEvent",
  documented.meta({ example: { event: "queued", data: { position: 1 } } }),
);

streamEvents.openapi(route, async (c) => {
  const { account, permit, ...caller } = c.get("caller");
  const { id } = await openEdit({ account, permit, ...caller }, c.req.valid("param").id);
  c.set("editId", id);
  const after = eventId(c.req.header("Last-Event-ID"));
  const who = permit === undefined ? caller.key.id : `token:${permit.claims.jti}`;
  const news = await account.editNews(id, who, after, 0);
  if (news === null) throw notFound("edit");
  if (news === "crowded")
    throw new Refusal("rate_limited", "too many streams of events are open", {
      headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
    });
  if (isFinal(news.edit) && news.happenings.length === 0) return c.body(null, 204);

  if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream" });

  const settings = settingsOf(c.env);
  const present = listener(settings, permit);
  c.header("X-Accel-Buffering", "no");
  return streamSSE(c, (stream) => writeEvents(stream, { account, id, who, present }, news, after));
});

/** Ids are numbers of ours: anything else means that nothing was seen. */
const eventId = (header: string | undefined) => (/^\d{1,15}$/.test(header ?? "") ? Number(header) : 0);
