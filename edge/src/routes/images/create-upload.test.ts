import { expect, test } from "vitest";
import { imageSchema } from "../../../../shared/answers.ts";
import { type Upload, uploadSchema } from "../../../../shared/sign.ts";
import { answer, bindings, call, chunked, customer, refusal } from "../../../test/client.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { jpeg, png, pngHeader } from "../../../test/pictures.ts";
import { signed, withToken } from "../../../test/signed.ts";

const PROMPT = "a woman wearing glasses";
const BODY = { content_type: "image/png" };

async function begun(key: string, body: Record<string, unknown> = BODY): Promise<Upload> {
  return uploadSchema.parse(await answer(call("/v1/uploads", { key, body }), 200));
}

function put(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const type = { "Content-Type": "image/png" };
  return call(url, { method: "PUT", body, headers: { ...type, ...headers } });
}

const editOf = (key: string, image: string) => call("/v1/edits", { key, body: { image, prompt: PROMPT } });

test("a page uploads without a key; the image is unknown before and known after", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const { image_id, url, expires_at } = await begun(key);
  expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(3_500_000);
  await refusal(editOf(key, image_id), 404, "not_found");
  const stored = await put(url, png(64, 80), { Origin: "https://app.example" });
  expect(stored.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(imageSchema.parse(await answer(stored, 201))).toMatchObject({ id: image_id, width: 64, height: 80 });
  await answer(editOf(key, image_id), 202);
});

test("a browser may send a preflight", async () => {
  const { url } = await begun((await customer()).key);
  const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "PUT" };
  const preflight = await call(url, { method: "OPTIONS", headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("Access-Control-Allow-Methods")).toContain("PUT");
  expect(preflight.headers.get("Access-Control-Allow-Headers")).toContain("Content-Type");
});

test("a URL accepts one image; of concurrent uploads one is kept, whole", async () => {
  const { key, account } = await customer();
  const { image_id, url } = await begun(key);
  const heights = [64, 65, 66, 67, 68];
  const answers = await Promise.all(heights.map((height) => put(url, png(64, height))));
  const kept = answers.filter(({ status }) => status === 201);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  const image = imageSchema.parse(await kept[0]?.json());
  await refusal(put(url, png(64, image.height)), 409, "conflict");
  const { objects } = await bindings.IMAGES.list({ prefix: `${account}/images/` });
  const ofImage = objects.filter(({ key }) => key.split("/").includes(image_id));
  expect(ofImage.map(({ size }) => size)).toEqual([png(64, image.height).byteLength]);
});

test("a refused upload may be sent again", async () => {
  const { url } = await begun((await customer()).key, { ...BODY, bytes: png(64, 64).byteLength });
  const tall = png(64, 1_000);
  await refusal(put(url, tall), 413, "payload_too_large");
  await refusal(put(url, png(64, 64), { "Content-Type": "application/json" }), 415, "unsupported_media");
  await refusal(put(url, chunked(png(64, 64)), { "Content-Length": "" }), 411, "length_required");
  await refusal(put(url, chunked(tall), { "Content-Length": "10" }), 400, "invalid_request");
  await refusal(put(url, pngHeader(63, 64)), 422, "image_rejected");
  await refusal(put(url, jpeg(64, 64).slice(0, 50)), 422, "image_rejected");
  await refusal(put(url, "no image at all, but long enough to be one"), 422, "image_rejected");
  const image = await answer<{ content_type: string }>(
    put(url, png(64, 64), { "Content-Type": "image/webp" }),
    201,
  );
  expect(image.content_type).toBe("image/png");
});

test("one Idempotency-Key, one upload", async () => {
  const { key } = await customer();
  const headers = { "Idempotency-Key": "upload-1" };
  const first = await answer<Upload>(call("/v1/uploads", { key, headers, body: BODY }), 200);
  expect(await answer(call("/v1/uploads", { key, headers, body: BODY }), 200)).toEqual(first);
});

test("an app starts uploads with a token, as often as the token allows", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer({ scopes: ["sign", "edits"] });
  const token = await signed(key, { action: "upload", expires_in: 60, max_uses: 3 });
  const headers = { Origin: "https://app.example" };
  const begin = () => call(withToken("/v1/uploads", token), { body: BODY, headers });
  const answers = await Promise.all(Array.from({ length: 8 }, begin));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 403, 403, 403, 403, 403]);
  const upload = uploadSchema.parse(await answers.find(({ status }) => status === 200)?.json());
  expect(Date.parse(upload.expires_at)).toBeLessThanOrEqual(Date.parse(token.expires_at));
  await answer(put(upload.url, png(64, 64), headers), 201);
  await answer(editOf(key, upload.image_id), 202);
});

test("a replay with a token takes no second use", async () => {
  const { key } = await customer();
  const token = await signed(key, { action: "upload", max_uses: 1 });
  const begin = (name: string) =>
    call(withToken("/v1/uploads", token), { body: BODY, headers: { "Idempotency-Key": name } });
  const first = await answer<Upload>(begin("one"), 200);
  expect(await answer(begin("one"), 200)).toEqual(first);
  await refusal(begin("two"), 403, "forbidden");
});

test("starting an upload needs the right scope or token", async () => {
  const { key } = await customer({ scopes: ["edits"] });
  await refusal(call("/v1/uploads", { key, body: BODY }), 403, "forbidden");
  await refusal(call("/v1/uploads", { body: BODY }), 401, "unauthorized");
  await refusal(call("/v1/uploads?token=", { body: BODY }), 401, "unauthorized");
});

test("invalid input is refused with its code", async () => {
  const { key } = await customer();
  for (const body of [
    {},
    { content_type: "image/gif" },
    { ...BODY, bytes: 15_000_001 },
    { ...BODY, more: 1 },
  ])
    await refusal(call("/v1/uploads", { key, body }), 422, "invalid_request");
  await refusal(
    call("/v1/uploads", { key, body: { ...BODY, x: "y".repeat(1_000) } }),
    413,
    "payload_too_large",
  );
  for (const token of ["x", "a.b.c.d.e"])
    await refusal(put(`/v1/uploads/${token}`, png(64, 64)), 403, "forbidden");
});
