/** Whether a model fits on the GPU that it is deployed on, before anybody pays for one. */
import { basename, join } from "node:path";
import { admitModel } from "../../../gpu-fn/src/device/admit.ts";
import { GIB } from "../../../gpu-fn/src/device/execution-plan.ts";
import { WeightsError } from "../../../gpu-fn/src/errors.ts";
import { int8Files } from "../../../gpu-fn/src/manifest/files.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { ModalError } from "./function.ts";

const MODELS = join(import.meta.dirname, "../../../gpu-fn/models");

/** GiB of Modal's GPUs as `nvidia-smi` reports them, rounded down: less than their names say. Of `A100` the smaller kind. */
const GIBS: Readonly<Record<string, number>> = {
  T4: 15,
  L4: 22,
  A10: 22,
  A10G: 22,
  A100: 40,
  "A100-40GB": 40,
  L40S: 44,
  "A100-80GB": 79,
  H100: 79,
  "H100!": 79,
  "RTX-PRO-6000": 95,
  H200: 140,
  B200: 178,
  "B200+": 178,
};

/** The machine's memory that a container may use for an edit, in GiB: MEMORY_MIB of modal_app.py without the system's share. */
const HOST_GIB = 28;

/**
 * @param gpu Modal's name of a GPU, in any case; one that is not known here is left to the server, which measures it
 * @param files names of the model's files in the volume
 * @throws ModalError
 */
export async function checkMemory(model: string, gpu: string, files: string): Promise<void> {
  const [name = "", count = "1"] = gpu.toUpperCase().split(":");
  if (count !== "1")
    throw new ModalError(`GPU_TYPE is ${gpu}, and an edit runs on one GPU: GPU_TYPE=${name}`);
  const gib = GIBS[name];
  if (gib === undefined) return;
  const manifest = await readManifest(join(MODELS, model, "manifest.json"));
  const int8 = files.includes(basename(int8Files(manifest).flux));
  try {
    admitModel(manifest, { device: gib * GIB, host: HOST_GIB * GIB }, { device: "cuda", int8 });
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const help = int8 ? "" : ", or fetch_weights with --int8";
    const [needs] = error.message.split(";");
    throw new ModalError(`GPU_TYPE is ${gpu}: ${needs}: a larger GPU${help} (npm run plan -- ${model})`);
  }
}
