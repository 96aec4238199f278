import { expect, test } from "vitest";
import type { z } from "zod";
import { editPageSchema } from "../../../../shared/answers.ts";
import type { Edit } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { HeldQueue } from "../../../test/held-queue.ts";

type Page = z.output<typeof editPageSchema>;

async function withEdits(count: number) {
  const { key, account } = await customer({ limits: { edits: 1000 } });
  const image = await uploaded(key);
  const add = async () => {
    const body = { image, prompt: "a woman wearing glasses" };
    return (await answer<Edit>(call("/v1/edits", { key, body }), 202)).id;
  };
  const ids: string[] = [];
  for (let made = 0; made < count; made++) ids.unshift(await add());
  return { key, account, add, ids };
}

const list = async (key: string, query = ""): Promise<Page> =>
  editPageSchema.parse(await answer(call(`/v1/edits${query}`, { key }), 200));

const idsOf = ({ data }: Page) => data.map(({ id }) => id);

test("newest first, page by page, with no duplicates or gaps while edits are added", async () => {
  using _queue = new HeldQueue();
  const { key, add, ids } = await withEdits(5);
  const first = await list(key, "?limit=2");
  expect(first).toMatchObject({ has_more: true });
  const added = await add();
  const second = await list(key, `?limit=2&cursor=${first.next_cursor}`);
  await add();
  const third = await list(key, `?limit=2&cursor=${second.next_cursor}`);
  expect(third).toMatchObject({ has_more: false, next_cursor: null });
  expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids);
  expect(idsOf(await list(key))[1]).toBe(added);
  expect(idsOf(await list(key))).toHaveLength(7);
});

test("a page that ends with the last edit has no cursor", async () => {
  using _queue = new HeldQueue();
  const { key, ids } = await withEdits(2);
  expect(await list(key, "?limit=2")).toMatchObject({ has_more: false, next_cursor: null });
  expect(idsOf(await list(key, "?limit=1"))).toEqual(ids.slice(0, 1));
});

test("an edit that is erased between two pages shifts nothing", async () => {
  using _queue = new HeldQueue();
  const { key, ids } = await withEdits(4);
  const first = await list(key, "?limit=2");
  expect((await call(`/v1/edits/${ids[1]}`, { key, method: "DELETE" })).status).toBe(204);
  expect(idsOf(await list(key, `?limit=2&cursor=${first.next_cursor}`))).toEqual(ids.slice(2));
});

test("filters by status", async () => {
  using _queue = new HeldQueue();
  const { key, ids } = await withEdits(3);
  await answer(call(`/v1/edits/${ids[1]}/cancel`, { key, method: "POST" }), 200);
  expect(idsOf(await list(key, "?status=canceled"))).toEqual([ids[1]]);
  expect(idsOf(await list(key, "?status=queued"))).toEqual([ids[0], ids[2]]);
  expect(idsOf(await list(key, "?status=failed"))).toEqual([]);
  const page = await list(key, "?status=queued&limit=1");
  expect(idsOf(await list(key, `?status=queued&limit=1&cursor=${page.next_cursor}`))).toEqual([ids[2]]);
});

test("[GET /v1/edits · ownership] an account sees its own edits, and refuses a cursor of another", async () => {
  using _queue = new HeldQueue();
  const [mine, other] = [await withEdits(2), await withEdits(2)];
  expect(idsOf(await list(other.key))).toEqual(other.ids);
  const { next_cursor } = await list(mine.key, "?limit=1");
  await refusal(call(`/v1/edits?cursor=${next_cursor}`, { key: other.key }), 422, "invalid_request");
});

test("any changed letter of a cursor is refused", async () => {
  using _queue = new HeldQueue();
  const { key } = await withEdits(2);
  const { next_cursor } = await list(key, "?limit=1");
  const cursor = next_cursor ?? "";
  for (let index = 0; index < cursor.length; index += 5) {
    const other = cursor[index] === "1" ? "2" : "1";
    const tampered = cursor.slice(0, index) + other + cursor.slice(index + 1);
    const { errors } = await refusal(call(`/v1/edits?cursor=${tampered}`, { key }), 422, "invalid_request");
    expect(errors).toEqual([expect.objectContaining({ path: "cursor" })]);
  }
  for (const none of ["", "x", newId("edit"), `${cursor}0`, cursor.toUpperCase(), "%00"])
    await refusal(call(`/v1/edits?cursor=${none}`, { key }), 422, "invalid_request");
});

test("invalid values are refused with their path; a key needs the scope edits", async () => {
  const [{ key }, { key: images }] = await Promise.all([customer(), customer({ scopes: ["images"] })]);
  for (const limit of ["0", "101", "-1", "1.5", "1e1", "ten", "", "0x5", " 5"]) {
    const { errors } = await refusal(
      call(`/v1/edits?limit=${encodeURIComponent(limit)}`, { key }),
      422,
      "invalid_request",
    );
    expect(errors?.map(({ path }) => path)).toEqual(["limit"]);
  }
  const { errors } = await refusal(call("/v1/edits?status=done", { key }), 422, "invalid_request");
  expect(errors?.[0]?.path).toBe("status");
  await refusal(call("/v1/edits?limit=5&limit=6", { key }), 422, "invalid_request");
  await refusal(call("/v1/edits"), 401, "unauthorized");
  await refusal(call("/v1/edits", { key: images }), 403, "forbidden");
});
