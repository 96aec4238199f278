import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { type Signed, signedSchema } from "../../../../shared/sign.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";

const PROMPT = "a woman wearing glasses";

test("the answer has a token, where to use it, and when it expires", async () => {
  const { key } = await customer({ scopes: ["sign", "images"] });
  const image = await uploaded(key);
  const constraints = { image, prompts: [PROMPT] };
  const paths = { edit: "/v1/edits?token=", upload: "/v1/uploads?token=", render: "/v1/render/" };
  for (const [action, path] of Object.entries(paths)) {
    const body = { action, expires_in: 60, ...(action !== "upload" && { constraints }) };
    const { url, token, expires_at } = signedSchema.parse(await answer(call("/v1/sign", { key, body }), 200));
    expect(url).toBe(`https://edge.test${path}${token}`);
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(58_000);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(token).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  }
});

test("signing needs a key with the scope, and a server", async () => {
  const body = { action: "upload", expires_in: 60 };
  const { key } = await customer({ scopes: ["edits", "images"] });
  await refusal(call("/v1/sign", { key, body }), 403, "forbidden");
  await refusal(call("/v1/sign", { body }), 401, "unauthorized");
  const signer = await customer({ scopes: ["sign"] });
  const headers = { Origin: "https://app.example" };
  await refusal(call("/v1/sign", { key: signer.key, body, headers }), 403, "forbidden");
});

test("one Idempotency-Key makes one token", async () => {
  const { key } = await customer();
  const headers = { "Idempotency-Key": "token-1" };
  const body = { action: "upload", expires_in: 60 };
  const first = await answer<Signed>(call("/v1/sign", { key, headers, body }), 200);
  const again = await call("/v1/sign", { key, headers, body });
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect(await again.json()).toEqual(first);
  const other = { ...body, expires_in: 61 };
  await refusal(call("/v1/sign", { key, headers, body: other }), 409, "idempotency_mismatch");
});

test("an image of another account cannot be signed for", async () => {
  const [{ key }, stranger] = await Promise.all([customer(), customer()]);
  for (const image of [newId("img"), await uploaded(stranger.key)]) {
    const body = { action: "edit", expires_in: 60, constraints: { image } };
    await refusal(call("/v1/sign", { key, body }), 404, "not_found");
  }
});

test("invalid input is refused with its code and its path", async () => {
  const { key } = await customer();
  const refused = async (body: unknown) => refusal(call("/v1/sign", { key, body }), 422, "invalid_request");
  await refused({});
  await refused([]);
  expect(await refused({ action: "edit", expires_in: 604_801 })).toMatchObject({
    errors: [{ path: "expires_in" }],
  });
  const two = { action: "render", expires_in: 60, constraints: { image: newId("img"), prompts: ["a", "b"] } };
  expect(await refused(two)).toMatchObject({ errors: [{ path: "constraints.prompts" }] });
  const json = { "Content-Type": "application/json" };
  await refusal(call("/v1/sign", { key, body: "{", headers: json }), 400, "invalid_request");
  await refusal(
    call("/v1/sign", { key, body: "{}", headers: { "Content-Type": "text/plain" } }),
    415,
    "unsupported_media",
  );
  await refusal(call("/v1/sign", { key, body: { prompts: "a".repeat(100_001) } }), 413, "payload_too_large");
  await refusal(call("/v1/sign", { key }), 405, "method_not_allowed");
});
