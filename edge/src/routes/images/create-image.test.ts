import { expect, test } from "vitest";
import { sha256 } from "../../../../shared/signing.ts";
import { answer, bindings, call, chunked, customer, refusal } from "../../../test/client.ts";
import { exif, png, pngChunk, pngHeader } from "../../../test/pictures.ts";

const PNG = { "Content-Type": "image/png" };

interface Image {
  id: string;
  width: number;
  height: number;
  bytes: number;
  content_type: string;
  expires_at: string;
}

test("a photo is stored under its account and measured upright", async () => {
  const { key, account } = await customer();
  const body = png(64, 80, pngChunk("eXIf", exif(6)));
  const image = await answer<Image>(call("/v1/images", { key, body, headers: PNG }), 201);
  expect(image).toMatchObject({ width: 80, height: 64, bytes: body.length, content_type: "image/png" });
  expect(image.id).toMatch(/^img_[0-9a-z]{26}$/);
  const hoursKept = (Date.parse(image.expires_at) - Date.now()) / 3_600_000;
  expect(hoursKept).toBeCloseTo(24, 1);
  const { objects } = await bindings.IMAGES.list({ prefix: `${account}/images/` });
  expect(objects.map(({ key }) => key.split("/").at(-1))).toEqual([image.id]);
  const object = await bindings.IMAGES.get(objects[0]?.key ?? "");
  expect(await sha256(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer()))).toBe(
    await sha256(body),
  );
});

test("the same Idempotency-Key returns the same image, and another photo under it is refused", async () => {
  const { key } = await customer();
  const headers = { ...PNG, "Idempotency-Key": "photo-1" };
  const first = await call("/v1/images", { key, body: png(64, 80), headers });
  const second = await call("/v1/images", { key, body: png(64, 80), headers });
  expect(first.headers.get("Idempotent-Replayed")).toBeNull();
  expect(second.headers.get("Idempotent-Replayed")).toBe("true");
  expect(await answer(second, 201)).toEqual(await answer(first, 201));
  await refusal(call("/v1/images", { key, body: png(64, 81), headers }), 409, "idempotency_mismatch");
});

test("a file that is not a photo is refused with its code", async () => {
  const { key } = await customer();
  const post = (body: unknown, headers: Record<string, string>) => call("/v1/images", { key, body, headers });
  const { detail } = await refusal(
    post(png(64, 64), { "Content-Type": "multipart/form-data; boundary=b" }),
    415,
    "unsupported_media",
  );
  expect(detail).toMatch(/--data-binary @photo\.jpg/);
  await refusal(post(png(64, 64), { "Content-Type": "text/plain" }), 415, "unsupported_media");
  await refusal(post("hello", PNG), 422, "image_rejected");
  await refusal(post(pngHeader(63, 64), PNG), 422, "image_rejected");
  await refusal(post(chunked(png(64, 64)), PNG), 411, "length_required");
  await refusal(post(new Uint8Array(15_000_001), PNG), 413, "payload_too_large");
  await refusal(post(png(64, 64), { ...PNG, "Idempotency-Key": "k".repeat(256) }), 422, "invalid_request");
});

test.each(["image/jpeg", "image/jpg", "image/gif", "application/octet-stream", ""])(
  "the content decides what it is, not the type %j",
  async (type) => {
    const { key } = await customer();
    const image = await answer<Image>(
      call("/v1/images", { key, body: png(64, 80), headers: { "Content-Type": type } }),
      201,
    );
    expect(image.content_type).toBe("image/png");
  },
);

test("a key needs the scope images", async () => {
  const { key } = await customer({ scopes: ["edits"] });
  await refusal(call("/v1/images", { body: png(64, 64), headers: PNG }), 401, "unauthorized");
  await refusal(call("/v1/images", { key, body: png(64, 64), headers: PNG }), 403, "forbidden");
});
