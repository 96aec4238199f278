import { expect, test, vi } from "vitest";
import { MODELS } from "../../shared/models.ts";
import { answer, call, customer, refusal, uploaded } from "../test/client.ts";
import { FakeGpu } from "../test/fake-gpu.ts";

test("each request has an id: the client's if it is well-formed, otherwise a new one", async () => {
  const [first, second] = await Promise.all([call("/healthz"), call("/healthz")]);
  expect(first.headers.get("X-Request-Id")).not.toBe(second.headers.get("X-Request-Id"));
  const named = (id: string) => call("/v1/presets", { headers: { "X-Request-Id": id } });
  expect((await named("order-1044")).headers.get("X-Request-Id")).toBe("order-1044");
  for (const unclean of ["a b c d e", "x".repeat(65), 'quote"quote', "short"])
    expect((await named(unclean)).headers.get("X-Request-Id")).not.toBe(unclean);
});

test("unknown addresses are not found", async () => {
  for (const path of ["/v1/nothing", "/v1/edits/", "/V1/edits", "/v1//edits", "/.env", "/v1/files/"])
    await refusal(call(path), 404, "not_found");
});

test("an address allows only its methods, and lists them", async () => {
  const allowed = async (method: string, path: string) => {
    const response = await call(path, { method });
    await refusal(response.clone(), 405, "method_not_allowed");
    return response.headers.get("Allow");
  };
  expect(await allowed("GET", "/v1/images")).toBe("OPTIONS, POST");
  expect(await allowed("PATCH", "/v1/presets")).toBe("GET, HEAD, OPTIONS");
  expect(await allowed("POST", "/v1/files/acct_1/images/img_1")).toBe("GET, HEAD, OPTIONS, PUT");
});

test("a preflight is answered for every existing address", async () => {
  const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "POST" };
  const preflight = await call("/v1/edits", { method: "OPTIONS", headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(preflight.headers.get("Access-Control-Allow-Methods")).toContain("POST");
  expect(preflight.headers.get("Access-Control-Allow-Headers")).toContain("Idempotency-Key");
  await refusal(call("/v1/nothing", { method: "OPTIONS", headers }), 404, "not_found");
});

test("answers are not cached or sniffed, and browsers may read their headers", async () => {
  const { headers } = await call("/v1/presets");
  expect(headers.get("Cache-Control")).toBe("no-store");
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("Access-Control-Expose-Headers")).toContain("RateLimit");
});

test("a request leaves one log line, without prompt, key or query", async () => {
  const { key, account } = await customer();
  const image = await uploaded(key);
  using log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const body = { image, prompt: "a woman with unmistakable glasses" };
  const { id } = await answer<{ id: string }>(call("/v1/edits?token=unmistakable", { key, body }), 202);
  const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('"request"'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    method: "POST",
    route: "/v1/edits",
    status: 202,
    account,
    edit: id,
  });
  expect(lines[0]).not.toMatch(/unmistakable|sk_/);
});

test("health reports the GPU's state, and is good without a GPU", async () => {
  {
    using _gpu = new FakeGpu();
    const health = await answer(call("/healthz"), 200);
    expect(health).toMatchObject({ status: "ok", gpu: { status: "ready", busy: false } });
  }
  expect(await answer(call("/healthz"), 200)).toEqual({
    status: "ok",
    gpu: { status: "unreachable" },
    moderation: { on: expect.arrayContaining(["prompt.minors"]), off: [] },
  });
});

test("presets list their prices, models their limits, and the root is a page", async () => {
  const { presets, regions } = await answer<{ presets: object[]; regions: string[] }>(
    call("/v1/presets"),
    200,
  );
  expect(presets).toContainEqual(expect.objectContaining({ name: "paper", evaluations: 120, credits: 1 }));
  expect(regions).toHaveLength(18);
  const { models } = await answer<{ models: object[] }>(call("/v1/models"), 200);
  const { version, blocks, domain } = MODELS.mini;
  expect(models).toEqual([{ id: "mini", version, resolution: 128, value_blocks: blocks, domain }]);
  const page = await call("/");
  expect(page.headers.get("Content-Type")).toMatch(/^text\/html/);
  expect(await page.text()).toContain("https://edge.test/v1/edits");
});
