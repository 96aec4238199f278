import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer, call, customer, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import type { DataPoint } from "./points.ts";

/** The platform's datasets in this isolate: the worker and the accounts' objects write to them. */
const datasets: AnalyticsEngineDataset = Object.getPrototypeOf(env.METRICS);
const written: DataPoint[] = [];

beforeEach(() => {
  written.length = 0;
  vi.spyOn(datasets, "writeDataPoint").mockImplementation((point) => void written.push(point as DataPoint));
});

afterEach(() => vi.restoreAllMocks());

test("a request and an edit write one point each, without prompt, picture, key or address", async () => {
  using _gpu = new FakeGpu();
  const { account, key } = await customer();
  const body = { image: await uploaded(key), prompt: "a woman wearing glasses" };
  written.length = 0;
  const { id } = await answer<{ id: string }>(
    call("/v1/edits", { key, body, headers: { Prefer: "wait=20" } }),
    200,
  );
  const points = written.filter(({ indexes }) => indexes[0] === account);
  expect(points.map(({ blobs }) => blobs.slice(0, 3))).toEqual(
    expect.arrayContaining([
      ["edit", "succeeded", ""],
      ["request", "/v1/edits", "POST"],
    ]),
  );
  expect(points.filter(({ blobs }) => blobs[0] === "edit")).toHaveLength(1);
  const text = JSON.stringify(written);
  for (const secret of [body.prompt, body.image, id, key, "signature", "http"])
    expect(text).not.toContain(secret);
});

test("a caller without an account is counted separately", async () => {
  await (await call("/v1/edits")).body?.cancel();
  expect(written).toEqual([
    { indexes: ["none"], blobs: ["request", "/v1/edits", "GET", ""], doubles: [401, expect.any(Number)] },
  ]);
});
