import { expect, test } from "vitest";
import { type FileGrant, signFileUrl } from "../../../../shared/signing.ts";
import { bindings, call, chunked, refusal } from "../../../test/client.ts";
import { png } from "../../../test/pictures.ts";
import { settingsOf } from "../../env.ts";

const SOON = Math.floor(Date.now() / 1000) + 600;
const PNG = { "Content-Type": "image/png" };

async function signed(grant: Partial<FileGrant> & Pick<FileGrant, "method" | "key">): Promise<string> {
  const { signingSecrets } = settingsOf(bindings);
  const { pathname, search } = new URL(
    await signFileUrl(signingSecrets, "https://edge.test", { expires: SOON, ...grant }),
  );
  return pathname + search;
}

const put = (path: string, body: unknown, headers: Record<string, string> = PNG) =>
  call(path, { method: "PUT", body, headers });

test("what is written through one signed URL is read through another", async () => {
  const key = "acct_files/edits/edit_1/1/result";
  const bytes = png(64, 64);
  expect((await put(await signed({ method: "PUT", key, maxBytes: 10_000 }), bytes)).status).toBe(204);
  const path = await signed({ method: "GET", key });
  const file = await call(path);
  expect(file.status).toBe(200);
  expect(Object.fromEntries(file.headers)).toMatchObject({
    "content-type": "image/png",
    "content-disposition": 'inline; filename="edits-edit_1-1-result.png"',
    "cache-control": "private, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-length": String(bytes.length),
  });
  expect(await file.bytes()).toEqual(bytes);

  const etag = file.headers.get("ETag") ?? "";
  const unchanged = await call(path, { headers: { "If-None-Match": etag } });
  expect(unchanged.status).toBe(304);
  const part = await call(path, { headers: { Range: "bytes=1-3" } });
  expect(part.status).toBe(206);
  expect(part.headers.get("Content-Range")).toBe(`bytes 1-3/${bytes.length}`);
  expect(await part.text()).toBe("PNG");
});

test("any changed character of a signed URL is refused", async () => {
  const key = "acct_files/images/img_2";
  await bindings.IMAGES.put(key, png(64, 64), { httpMetadata: { contentType: "image/png" } });
  const path = await signed({ method: "GET", key });
  const at = "/v1/files/".length;
  for (let i = at; i < path.length; i++) {
    const wrong = path.slice(0, i) + (path[i] === "0" ? "1" : "0") + path.slice(i + 1);
    expect((await call(wrong)).status, wrong).toBe(403);
  }
});

test("[GET /v1/files/{key} · ownership] [PUT /v1/files/{key} · ownership] a URL grants only its method, its object and its time", async () => {
  const key = "acct_files/images/img_3";
  const read = await signed({ method: "GET", key });
  await refusal(put(read, png(64, 64)), 403, "forbidden");
  await refusal(put(`${read}&max_bytes=1000`, png(64, 64)), 403, "forbidden");
  await refusal(call(await signed({ method: "PUT", key, maxBytes: 10 })), 403, "forbidden");
  await refusal(call(await signed({ method: "GET", key, expires: SOON - 700 })), 403, "forbidden");
  await refusal(call(`/v1/files/${key}`), 403, "forbidden");
  await refusal(call(read), 404, "not_found");
});

test("a write is limited to its size, its type and its length", async () => {
  const key = "acct_files/images/img_4";
  const path = await signed({ method: "PUT", key, maxBytes: 100 });
  await refusal(put(path, new Uint8Array(101)), 413, "payload_too_large");
  await refusal(put(path, png(64, 64), { "Content-Type": "text/html" }), 415, "unsupported_media");
  await refusal(put(path, chunked(png(64, 64))), 411, "length_required");
  await refusal(put(path.replace("max_bytes=100", "max_bytes=1000"), png(64, 64)), 403, "forbidden");
  expect(await bindings.IMAGES.head(key)).toBeNull();
});

test("a file that is not a picture is not served as one", async () => {
  const key = "acct_files/images/img_5";
  await bindings.IMAGES.put(key, "<script>", { httpMetadata: { contentType: "text/html" } });
  const file = await call(await signed({ method: "GET", key }));
  expect(file.headers.get("Content-Type")).toBe("application/octet-stream");
  expect(file.headers.get("Content-Security-Policy")).toBe(
    "default-src 'none'; frame-ancestors 'none'; sandbox",
  );
});

test("conditions are answered as in RFC 9110, and a malformed one is ignored", async () => {
  const key = "acct_files/images/img_6";
  const bytes = png(64, 64);
  await bindings.IMAGES.put(key, bytes, { httpMetadata: { contentType: "image/png" } });
  const path = await signed({ method: "GET", key });
  const first = await call(path);
  await first.body?.cancel();
  const etag = first.headers.get("ETag") ?? "";
  const ask = async (headers: Record<string, string>) => {
    const response = await call(path, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const [past, future] = ["Mon, 01 Jan 2024 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"];
  expect(await ask({ "If-None-Match": "x" })).toBe(200);
  expect(await ask({ "If-None-Match": `"other", W/${etag}` })).toBe(304);
  expect(await ask({ "If-None-Match": "*" })).toBe(304);
  expect(await ask({ "If-Match": etag })).toBe(200);
  expect(await ask({ "If-Match": "*" })).toBe(200);
  for (const failing of ['"other"', `W/${etag}`, "x"])
    expect(await ask({ "If-Match": failing }), failing).toBe(412);
  expect(await ask({ "If-Unmodified-Since": past })).toBe(412);
  expect(await ask({ "If-Modified-Since": future })).toBe(304);
  expect(await ask({ "If-Modified-Since": "yesterday" })).toBe(200);
  const part = { Range: "bytes=1-3" };
  expect(await ask({ ...part, "If-Range": etag })).toBe(206);
  for (const other of ['"other"', `W/${etag}`, past])
    expect(await ask({ ...part, "If-Range": other }), other).toBe(200);
  await refusal(call(path, { headers: { "If-Match": '"other"' } }), 412, "precondition_failed");
  const head = await call(path, { method: "HEAD", headers: part });
  expect([head.status, head.headers.get("Content-Length")]).toEqual([200, String(bytes.length)]);
});
