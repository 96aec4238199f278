import { expect, test } from "vitest";
import { type Edit, editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";

test("an edit can be read only by its account; a malformed id counts as unknown", async () => {
  const [mine, other] = await Promise.all([customer(), customer()]);
  const body = { image: await uploaded(mine.key), prompt: "a woman wearing glasses" };
  const { id } = await answer<Edit>(call("/v1/edits", { key: mine.key, body }), 202);
  const response = await call(`/v1/edits/${id}`, { key: mine.key });
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(editSchema.parse(await answer(response, 200)).id).toBe(id);

  await refusal(call(`/v1/edits/${id}`, { key: other.key }), 404, "not_found");
  for (const unknown of [newId("edit"), "edit_1", id.toUpperCase(), "%00", "%zz", "..%2f", `${id}x`])
    await refusal(call(`/v1/edits/${unknown}`, { key: mine.key }), 404, "not_found");
  await refusal(call(`/v1/edits/${id}`), 401, "unauthorized");
});
