import { newId } from "../../../shared/ids.ts";
import { answer, bindings, call } from "../client.ts";
import { type Operation, withBody, wrongJson } from "./operation.ts";

/** The account and its administration. */
export const ACCOUNT: readonly Operation[] = [
  {
    name: "GET /v1/account",
    access: { scope: null },
    status: 200,
    ask: () => ({ path: "/v1/account" }),
  },
  {
    name: "GET /v1/usage",
    access: { scope: null },
    status: 200,
    ask: () => ({ path: "/v1/usage" }),
    wrong: () => [
      [{ path: "/v1/usage?from=2026-11-02&to=2026-11-01" }, 422, "invalid_request"],
      [{ path: "/v1/usage?from=yesterday" }, 422, "invalid_request"],
    ],
  },
  {
    name: "POST /v1/account/webhook-secret",
    access: { scope: "edits" },
    status: 200,
    ask: () => ({ path: "/v1/account/webhook-secret", method: "POST" }),
    other: null,
  },
  {
    name: "POST /v1/accounts",
    access: "operator",
    status: 201,
    ask: () => ({ path: "/v1/accounts", body: { name: "A" } }),
    other: withBody({ name: "B" }),
    wrong: wrongJson,
  },
  {
    name: "POST /v1/accounts/{id}/credits",
    access: "operator",
    status: 201,
    ask: ({ account }) => ({ path: `/v1/accounts/${account}/credits`, body: { amount: 1 } }),
    other: withBody({ amount: 2 }),
    wrong: () => [...wrongJson(), [{ path: `/v1/accounts/${newId("acct")}/credits` }, 404, "not_found"]],
  },
  {
    name: "PUT /v1/accounts/{id}/provenance",
    access: "operator",
    status: 200,
    ask: ({ account }) => ({
      path: `/v1/accounts/${account}/provenance`,
      method: "PUT",
      body: { c2pa: true, watermark: true },
    }),
    wrong: () => [...wrongJson(), [{ path: `/v1/accounts/${newId("acct")}/provenance` }, 404, "not_found"]],
  },
  {
    name: "POST /v1/keys",
    access: { scope: "admin" },
    status: 201,
    ask: ({ account }) => ({ path: "/v1/keys", body: { account, name: "a" } }),
    other: (ask) => ({ ...ask, body: { ...(ask.body as object), name: "b" } }),
    owned: true,
    wrong: () => [...wrongJson(), [{ body: { account: newId("acct") } }, 404, "not_found"]],
  },
  {
    name: "DELETE /v1/keys/{id}",
    access: { scope: "admin" },
    status: 204,
    ask: async ({ account }) => ({ path: `/v1/keys/${await madeKey(account)}`, method: "DELETE" }),
    owned: true,
    wrong: () => [[{ path: "/v1/keys/none" }, 404, "not_found"]],
  },
];

/** The id of another key of an account. */
async function madeKey(account: string): Promise<string> {
  const key = bindings.ADMIN_KEY ?? "";
  return (await answer<{ id: string }>(call("/v1/keys", { key, body: { account, name: "x" } }), 201)).id;
}
