import { afterEach, expect, test, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import type { RunNews } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { Lease } from "./lease.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const NEWS = {
  phase: "edit",
  step: 1,
  steps: 9,
  evaluations: 1,
  planned: 9,
  etaMs: null,
  preview: null,
} as const;

test("a run still reports after the clock was set back by ten minutes, and learns that it must stop", async () => {
  const reported: RunNews[] = [];
  const report = async (_: unknown, news: RunNews) => {
    reported.push(news);
    return { proceed: reported.length < 2 };
  };
  const now = vi.spyOn(Date, "now").mockReturnValue(1_000_000);
  using lease = new Lease(
    { report } as unknown as AccountRpc,
    { edit: newId("edit"), attempt: 1 },
    2_000_000,
  );
  lease.begin();
  await expect.poll(() => reported).toEqual(["started"]);
  now.mockReturnValue(400_000);
  lease.report(NEWS);
  await expect.poll(() => reported).toEqual(["started", NEWS]);
  await expect.poll(() => lease.signal.aborted).toBe(true);
});
