import { expect, test } from "vitest";
import { type Edit, editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { MODELS } from "../../../../shared/models.ts";
import { answer, call, chunked, customer, refusal, uploaded } from "../../../test/client.ts";
import { png } from "../../../test/pictures.ts";

const PROMPT = "a woman wearing glasses";

const dataUrl = (bytes: Uint8Array, type = "image/png") =>
  `data:${type};base64,${btoa(String.fromCharCode(...bytes))}`;

async function balanceOf(key: string): Promise<{ balance: number; held: number }> {
  const { balance, held } = await answer<{ balance: number; held: number }>(
    call("/v1/account", { key }),
    200,
  );
  return { balance, held };
}

test("an edit is accepted: 202, its address, a hold of its price", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const body = { image, prompt: PROMPT, metadata: { order: "17" } };
  const response = await call("/v1/edits", { key, body });
  const location = response.headers.get("Location");
  const edit = editSchema.parse(await answer(response, 202));
  expect(edit).toMatchObject({
    status: "queued",
    image: null,
    usage: { credits: 0 },
    metadata: { order: "17" },
  });
  expect(edit.urls).toEqual({
    self: `https://edge.test/v1/edits/${edit.id}`,
    events: `https://edge.test/v1/edits/${edit.id}/events`,
    cancel: `https://edge.test/v1/edits/${edit.id}/cancel`,
  });
  expect(location).toBe(edit.urls.self);
  const { balance, held } = await balanceOf(key);
  expect(balance + held).toBe(100);
});

test("the picture may be a data URL or a file of a form", async () => {
  const { key } = await customer();
  await answer(call("/v1/edits", { key, body: { image: dataUrl(png(64, 64)), prompt: PROMPT } }), 202);
  const form = new FormData();
  form.set("image", new File([png(64, 64)], "portrait.png", { type: "image/png" }));
  form.set("mask", new File([png(64, 64, [], 255)], "mask.png", { type: "image/png" }));
  form.set("prompt", PROMPT);
  form.set("schedule", '{"steps": 4, "structuring_steps": 1}');
  form.set("output", '{"format": "webp", "quality": 80}');
  form.set("metadata", '{"order": "18"}');
  const edit = await answer<Edit>(call("/v1/edits", { key, body: form }), 202);
  expect(edit.metadata).toEqual({ order: "18" });
});

test("Prefer: wait is clamped, and the answer says that it was applied", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const body = { image, prompt: PROMPT };
  const waited = await call("/v1/edits", { key, body, headers: { Prefer: "wait=1" } });
  expect(waited.headers.get("Preference-Applied")).toBe("wait=1");
  expect([200, 202]).toContain(waited.status);
  const at_once = await call("/v1/edits", { key, body });
  expect(at_once.headers.get("Preference-Applied")).toBeNull();
});

test("one Idempotency-Key makes one edit: a replay shows its current state, with or without Prefer", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const headers = { "Idempotency-Key": "order-17" };
  const first = await answer<Edit>(call("/v1/edits", { key, headers, body: { image, prompt: PROMPT } }), 202);
  const same = `{"prompt": "${PROMPT}", "mask": "auto",  "image": "${image}"}`;
  const again = await call("/v1/edits", {
    key,
    headers: { ...headers, Prefer: "wait=0", "Content-Type": "application/json" },
    body: same,
  });
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect([200, 202]).toContain(again.status);
  expect((await again.json<Edit>()).id).toBe(first.id);
  const other = { image, prompt: "a man with a beard" };
  await refusal(call("/v1/edits", { key, headers, body: other }), 409, "idempotency_mismatch");
});

test("two forms of the same files are the same request, whatever their boundary", async () => {
  const { key } = await customer();
  const form = (grey: number) => {
    const fields = new FormData();
    fields.set("image", new File([png(64, 64, [], grey)], "a.png", { type: "image/png" }));
    fields.set("prompt", PROMPT);
    return fields;
  };
  const headers = { "Idempotency-Key": "form-1" };
  const first = await answer<Edit>(call("/v1/edits", { key, headers, body: form(1) }), 202);
  const again = await call("/v1/edits", { key, headers, body: form(1) });
  expect((await again.json<Edit>()).id).toBe(first.id);
  await refusal(call("/v1/edits", { key, headers, body: form(2) }), 409, "idempotency_mismatch");
});

test("concurrent requests of one Idempotency-Key make one edit and one hold", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const post = () =>
    call("/v1/edits", { key, headers: { "Idempotency-Key": "burst" }, body: { image, prompt: PROMPT } });
  const answers = await Promise.all(Array.from({ length: 6 }, post));
  const ids = new Set<string>();
  for (const response of answers) {
    if (response.status === 409) expect(response.headers.get("Retry-After")).toBe("1");
    else ids.add((await response.json<Edit>()).id);
  }
  expect(ids.size).toBe(1);
});

test("invalid input is refused with its code and places no hold", async () => {
  const { key } = await customer({ limits: { edits: 1000 } });
  const image = await uploaded(key);
  const refused = async (body: unknown, status: number, code: Parameters<typeof refusal>[2]) =>
    refusal(call("/v1/edits", { key, body }), status, code);
  const json = { "Content-Type": "application/json" };

  const text = (body: string) => call("/v1/edits", { key, body, headers: json });
  await refusal(text("{"), 400, "invalid_request");
  await refusal(text(""), 400, "invalid_request");
  await refusal(text("[]"), 422, "invalid_request");
  await refused({ prompt: PROMPT }, 422, "invalid_request");
  await refused({ image, prompt: 7 }, 422, "invalid_request");
  await refused({ image, prompt: "x".repeat(501) }, 422, "invalid_request");
  await refused({ image, prompt: PROMPT, surprise: 1 }, 422, "invalid_request");
  await refused({ image: newId("img"), prompt: PROMPT }, 404, "not_found");
  await refused({ image: "img_of_mine", prompt: PROMPT }, 404, "not_found");
  await refused({ image: "data:image/png;base64,====", prompt: PROMPT }, 422, "invalid_request");
  await refused({ image: "data:image/gif;base64,AAAA", prompt: PROMPT }, 422, "image_rejected");
  await refused({ image: dataUrl(png(8, 8)), prompt: PROMPT }, 422, "image_rejected");
  await refused(
    { image: `data:image/png;base64,${"A".repeat(2_800_000)}`, prompt: PROMPT },
    422,
    "invalid_request",
  );

  const schedule = await refused(
    { image, prompt: PROMPT, schedule: { steps: 2, structuring_steps: 3 } },
    422,
    "invalid_request",
  );
  expect(schedule.errors?.[0]?.path).toBe("schedule.structuring_steps");
  await refused(
    { image, prompt: PROMPT, schedule: { value_blocks: MODELS.mini.blocks + 1 } },
    422,
    "invalid_request",
  );
  await refused({ image, prompt: PROMPT, schedule: "no-such-preset" }, 422, "invalid_request");
  await refused({ image, prompt: PROMPT, mask: dataUrl(png(80, 64)) }, 422, "invalid_request");
  await refused({ image, prompt: PROMPT, mask: newId("img") }, 404, "not_found");

  await refusal(
    call("/v1/edits", { key, body: "a=b", headers: { "Content-Type": "text/plain" } }),
    415,
    "unsupported_media",
  );
  await refusal(call("/v1/edits", { key, body: chunked("{}"), headers: json }), 411, "length_required");
  await refusal(text(" ".repeat(5_600_001)), 413, "payload_too_large");
  const broken = { "Content-Type": "multipart/form-data; boundary=x" };
  await refusal(call("/v1/edits", { key, body: "--y", headers: broken }), 400, "invalid_request");
  expect(await balanceOf(key)).toEqual({ balance: 100, held: 0 });
});

test("without credits the answer is 402, and nothing is held", async () => {
  const { key } = await customer({ credits: 0 });
  const image = await uploaded(key);
  await refusal(call("/v1/edits", { key, body: { image, prompt: PROMPT } }), 402, "insufficient_credits");
  const inline = { image: dataUrl(png(64, 64)), prompt: PROMPT };
  await refusal(call("/v1/edits", { key, body: inline }), 402, "insufficient_credits");
  expect(await balanceOf(key)).toEqual({ balance: 0, held: 0 });
});

test("images and masks of another account are unknown", async () => {
  const [mine, other] = await Promise.all([customer(), customer()]);
  const [image, theirs] = await Promise.all([uploaded(mine.key), uploaded(other.key)]);
  const post = (body: object) => call("/v1/edits", { key: mine.key, body: { prompt: PROMPT, ...body } });
  await refusal(post({ image: theirs }), 404, "not_found");
  await refusal(post({ image, mask: theirs }), 404, "not_found");
});

test("a key needs the scope edits", async () => {
  const { key } = await customer({ scopes: ["images"] });
  await refusal(call("/v1/edits", { body: {} }), 401, "unauthorized");
  await refusal(call("/v1/edits", { key, body: {} }), 403, "forbidden");
});
