// What the worker writes to its console and to Analytics when edits succeed, are refused or fail.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer, call, customer, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { png } from "../../test/pictures.ts";

const datasets: AnalyticsEngineDataset = Object.getPrototypeOf(env.METRICS);
const said: string[] = [];
const points: string[] = [];

beforeEach(() => {
  for (const list of [said, points]) list.length = 0;
  for (const level of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, level).mockImplementation((...parts) => void said.push(parts.map(String).join(" ")));
  vi.spyOn(datasets, "writeDataPoint").mockImplementation((point) => void points.push(JSON.stringify(point)));
});

afterEach(() => vi.restoreAllMocks());

const PHOTO = png(64, 80, [], 41);

test("no log line and no point holds prompts, pictures, keys, tokens or signatures, however an edit ends", async () => {
  using gpu = new FakeGpu();
  gpu.next(
    { kind: "succeed" },
    {
      kind: "fail",
      code: "image_rejected",
      detail: "the photo, which quokkadetail was on",
      retryable: false,
    },
    { kind: "lie", about: "key" },
    { kind: "garbage" },
  );
  const { key } = await customer();
  const image = await uploaded(key, PHOTO);
  const wait = { Prefer: "wait=20" };
  const hidden = [key, "quokkadetail", "quokkaprompt", "quokkameta", "quokkahook", "quokkafield"];
  const tickets: string[] = [];
  for (let i = 0; i < 4; i++) {
    const edit = await (
      await call("/v1/edits", {
        key,
        headers: i < 2 ? wait : { Prefer: "wait=2" },
        body: {
          image,
          prompt: "glasses quokkaprompt",
          metadata: { note: "quokkameta" },
          webhook_url: "https://ok.hooks.test/quokkahook",
        },
      })
    ).json<{ image: { url: string } | null }>();
    tickets.push(edit.image?.url ?? "");
  }
  const bad = { image, prompt: "glasses quokkaprompt", quokkafield: 1 };
  await (await call("/v1/edits", { key, body: bad })).body?.cancel();
  await (await call("/v1/edits", { key, body: '{"prompt": "quokkaprompt' })).body?.cancel();
  const sign = { action: "edit", expires_in: 60, constraints: { prompts: ["quokkaprompt"] } };
  const { token } = await answer<{ token: string }>(call("/v1/sign", { key, body: sign }), 200);
  await (
    await call(`/v1/edits?token=${token}`, { body: { image, prompt: "another prompt" } })
  ).body?.cancel();
  await (await call(tickets[0] ?? "")).body?.cancel();

  const events = said.map((line) => (JSON.parse(line) as { event: string }).event);
  expect(events).toEqual(expect.arrayContaining(["request", "run"]));
  expect(points.length).toBeGreaterThan(8);
  const signature = new URL(tickets[0] ?? "").searchParams.get("signature") ?? "";
  expect(signature.length).toBeGreaterThan(40);
  const text = [...said, ...points].join("\n");
  const base64 = btoa(String.fromCharCode(...PHOTO));
  for (const secret of [...hidden, token, signature, base64.slice(40, 64), base64.slice(80, 104)])
    expect(text).not.toContain(secret);
  // requests and answers: ids may appear, addresses may not
  expect(text).not.toMatch(/https?:\/\//);
});
