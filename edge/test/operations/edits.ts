import { newId } from "../../../shared/ids.ts";
import { answer, type Customer, call, uploaded } from "../client.ts";
import { HeldQueue } from "../held-queue.ts";
import { png } from "../pictures.ts";
import { type Operation, PROMPT, picture, withBody, wrongJson } from "./operation.ts";

const ALTERNATIVES = [{ prompt: PROMPT }, { prompt: "a woman with bangs" }];

const UNKNOWN = newId("edit");

/** A final edit. */
async function finished(owner: Customer): Promise<string> {
  const headers = { Prefer: "wait=20" };
  const body = await picture(owner);
  return (await answer<{ id: string }>(call("/v1/edits", { key: owner.key, body, headers }), 200)).id;
}

/** An edit whose queue message is lost, so that it waits. */
async function queued(owner: Customer): Promise<string> {
  const body = await picture(owner);
  using _queue = new HeldQueue();
  return (await answer<{ id: string }>(call("/v1/edits", { key: owner.key, body }), 202)).id;
}

/** Edits. */
export const EDITS: readonly Operation[] = [
  {
    name: "POST /v1/edits",
    access: { scope: "edits" },
    status: 202,
    ask: async (owner) => ({ path: "/v1/edits", body: await picture(owner) }),
    other: withBody({
      image: `data:image/png;base64,${btoa(String.fromCharCode(...png(64, 64)))}`,
      prompt: PROMPT,
    }),
    wrong: wrongJson,
    owned: true,
  },
  {
    name: "POST /v1/alternatives",
    access: { scope: "edits" },
    status: 202,
    ask: async (owner) => ({
      path: "/v1/alternatives",
      body: { image: await uploaded(owner.key), alternatives: ALTERNATIVES },
    }),
    other: (ask) => ({ ...ask, body: { ...(ask.body as object), source_prompt: "a woman" } }),
    wrong: wrongJson,
    owned: true,
  },
  {
    name: "GET /v1/edits",
    access: { scope: "edits" },
    status: 200,
    ask: () => ({ path: "/v1/edits" }),
    wrong: () => [
      [{ path: "/v1/edits?limit=0" }, 422, "invalid_request"],
      [{ path: "/v1/edits?status=lost" }, 422, "invalid_request"],
      [{ path: "/v1/edits?cursor=x" }, 422, "invalid_request"],
    ],
  },
  {
    name: "GET /v1/edits/{id}",
    access: { scope: "edits" },
    status: 200,
    ask: async (owner) => ({ path: `/v1/edits/${await finished(owner)}` }),
    wrong: () => [
      [{ path: "/v1/edits/none" }, 404, "not_found"],
      [{ path: `/v1/edits/${UNKNOWN}` }, 404, "not_found"],
    ],
    owned: true,
  },
  {
    name: "GET /v1/edits/{id}/events",
    access: { scope: "edits" },
    status: 200,
    ask: async (owner) => ({ path: `/v1/edits/${await finished(owner)}/events` }),
    wrong: () => [[{ path: "/v1/edits/none/events" }, 404, "not_found"]],
    owned: true,
  },
  {
    name: "POST /v1/edits/{id}/cancel",
    access: { scope: "edits" },
    status: 200,
    ask: async (owner) => ({ path: `/v1/edits/${await queued(owner)}/cancel`, method: "POST" }),
    other: null,
    wrong: () => [[{ path: "/v1/edits/none/cancel" }, 404, "not_found"]],
    owned: true,
  },
  {
    name: "DELETE /v1/edits/{id}",
    access: { scope: "edits" },
    status: 204,
    ask: async (owner) => ({ path: `/v1/edits/${await finished(owner)}`, method: "DELETE" }),
    wrong: () => [[{ path: "/v1/edits/none" }, 404, "not_found"]],
    owned: true,
  },
];
