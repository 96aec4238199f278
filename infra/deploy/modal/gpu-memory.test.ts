import { expect, test } from "vitest";
import { checkMemory } from "./gpu-memory.ts";

const PLAIN = '[{"Filename": "flux-dev/manifest.json"}]';

test.each(["H100", "h100", "H100!", "A100-80GB", "A100", "L40S", "H200", "B200", "a-gpu-of-tomorrow"])(
  "flux-dev runs on %s as it is",
  async (gpu) => {
    await expect(checkMemory("flux-dev", gpu, PLAIN)).resolves.toBeUndefined();
  },
);

test.each(["L4", "A10", "T4"])(
  "flux-dev is not deployed on %s unless its weights are in eight bits",
  async (gpu) => {
    const refused = expect.objectContaining({
      message: expect.stringMatching(
        new RegExp(
          `^GPU_TYPE is ${gpu}: flux-dev needs .* GiB on the GPU.*: a larger GPU, or fetch_weights with --int8`,
        ),
      ),
    });
    await expect(checkMemory("flux-dev", gpu, PLAIN)).rejects.toEqual(refused);
  },
);

test("eight-bit weights make a smaller GPU enough", async () => {
  const packed = `${PLAIN.slice(0, -1)}, {"Filename": "flux-dev/flux.int8.safetensors"}]`;
  await expect(checkMemory("flux-dev", "L4", packed)).resolves.toBeUndefined();
});

test("several GPUs a container would be paid for one", async () => {
  await expect(checkMemory("flux-dev", "H100:2", PLAIN)).rejects.toThrow("runs on one GPU: GPU_TYPE=H100");
});

test("the embedded model runs on any of them", async () => {
  for (const gpu of ["T4", "L4", "H100"])
    await expect(checkMemory("mini", gpu, PLAIN)).resolves.toBeUndefined();
});
