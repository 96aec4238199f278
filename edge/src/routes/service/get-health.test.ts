import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { app } from "../../app.ts";

test("an on-demand GPU is not asked: the question would start it", async () => {
  const asked = vi.spyOn(globalThis, "fetch");
  const response = await app.request("/healthz", {}, { ...env, GPU_ON_DEMAND: undefined });
  expect(await response.json()).toMatchObject({ status: "ok", gpu: { status: "on_demand" } });
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

test("health reports a GPU that runs another model than the worker charges for", async () => {
  const running = (id: string) =>
    vi.spyOn(globalThis, "fetch").mockImplementation(async () =>
      Response.json({
        ...{ status: "ready", busy: false, model: { id, version: "1.0.0" } },
        ...{ uptime_ms: 1, phases: [], inversions: null },
      }),
    );
  const health = async (id: string) => {
    const asked = running(id);
    const { gpu } = await (await app.request("/healthz", {}, env)).json<{ gpu: object }>();
    asked.mockRestore();
    return gpu;
  };
  expect(await health("flux-dev")).toMatchObject({ model: { id: "flux-dev" }, model_expected: "mini" });
  expect(await health("mini")).not.toHaveProperty("model_expected");
});
