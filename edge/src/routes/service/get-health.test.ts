import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { app } from "../../app.ts";

test("a GPU that runs on demand is not asked: the question would start it", async () => {
  const asked = vi.spyOn(globalThis, "fetch");
  const response = await app.request("/healthz", {}, { ...env, GPU_ON_DEMAND: "1" });
  expect(await response.json()).toMatchObject({ status: "ok", gpu: { status: "on_demand" } });
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});
