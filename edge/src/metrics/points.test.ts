import { expect, test } from "vitest";
import { editPoint, type FinishedEdit, requestPoint } from "./points.ts";
import { writePoint } from "./write.ts";

const request = {
  account: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd",
  method: "POST",
  route: "/v1/edits",
  status: 202,
  ms: 12,
  off: [],
};

const edit: FinishedEdit = {
  account: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd",
  status: "succeeded",
  attempt: 2,
  error: null,
  mask: { key: "acct_…/masks/…", coverage: 0.1, source: "pasl" },
  model: { id: "mini", version: "0.1.0" },
  createdAt: 1_000,
  finishedAt: 4_000,
  timings: {
    queue_ms: 100,
    mask_ms: 200,
    inversion_ms: 300,
    edit_ms: 400,
    total_ms: 3_000,
    evaluations: 120,
  },
  captured: 10,
};

test("a request has its route, account and outcome", () => {
  expect(requestPoint(request)).toEqual({
    indexes: [request.account],
    blobs: ["request", "/v1/edits", "POST", ""],
    doubles: [202, 12],
  });
  expect(
    requestPoint({
      ...request,
      account: undefined,
      route: null,
      off: ["prompt.hate", "image.age"],
    }),
  ).toEqual({
    indexes: ["none"],
    blobs: ["request", "none", "POST", "prompt.hate image.age"],
    doubles: [202, 12],
  });
});

test("an edit has its outcome, its times and the captured credits", () => {
  expect(editPoint(edit)).toEqual({
    indexes: [edit.account],
    blobs: ["edit", "succeeded", "", "pasl", "mini@0.1.0", ""],
    doubles: [2, 3_000, 100, 200, 300, 400, 120, 10],
  });
  const error = { code: "gpu_unavailable", detail: "no GPU took the edit" } as const;
  const failed = { ...edit, status: "failed", error, mask: null, timings: null, captured: 0 } as const;
  expect(editPoint(failed)).toMatchObject({
    blobs: ["edit", "failed", "gpu_unavailable", "", "mini@0.1.0", ""],
    doubles: [2, 3_000, 0, 0, 0, 0, 0, 0],
  });
});

test("an edit that a policy refused names the policy", () => {
  const error = { code: "moderated", detail: "refused", policy: "image.sexual" } as const;
  expect(editPoint({ ...edit, status: "failed", error }).blobs).toEqual(
    expect.arrayContaining(["moderated", "image.sexual"]),
  );
});

test("without a dataset nothing is written, and nothing fails", () => {
  const point = requestPoint(request);
  writePoint({}, point);
  const written: unknown[] = [];
  writePoint({ METRICS: { writeDataPoint: (each) => written.push(each) } }, point);
  expect(written).toEqual([point]);
});
