import { expect, test, vi } from "vitest";
import type { EditTask } from "../../../shared/gpu.ts";
import type { Engine } from "../engine/engine.ts";
import { NO_MODERATION } from "../moderation/moderator.ts";
import { NO_PROVENANCE } from "../provenance/provenance.ts";
import type { LoadedModel, ModelHost } from "./model-host.ts";
import { performer } from "./perform-task.ts";
import { Run } from "./run.ts";

const MODEL = { id: "mini", version: "1.0.0", pasl: "mini-1.0.0" };

/** A host whose model is unknown when the task arrives. */
function lateHost(engine: Engine): ModelHost {
  const ready = async (): Promise<LoadedModel> => ({ engine, model: MODEL });
  return {
    ...{ status: "starting", model: null, phases: [], inversions: null },
    ...{ ready, forget() {}, close: async () => {} },
  };
}

test("a task that comes before the model is known does not run on a model it was not charged for", async () => {
  const edit = vi.fn();
  const perform = performer(lateHost({ edit } as unknown as Engine), 1_000, {
    keys: NO_PROVENANCE,
    moderator: NO_MODERATION,
  });
  const photo = { url: "https://storage.test/photo", sha256: "a".repeat(64) };
  const task = { request_id: "run-1", attempt: 1, tenant: "b".repeat(64), model: "flux-dev", photo };
  const run = new Run({ kind: "edit", task: task as EditTask });
  await perform({ kind: "edit", task: task as EditTask }, run);
  expect(run.outcome).toEqual({
    ...{ event: "failed", code: "gpu_unavailable", retryable: true },
    detail: "this function runs mini, not flux-dev",
  });
  expect(edit).not.toHaveBeenCalled();
});
