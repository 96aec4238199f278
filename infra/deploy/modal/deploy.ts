import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { MODELS } from "../../../shared/models.ts";
import { checkSecrets, findGpu, ModalError, openModal } from "./function.ts";
import { checkMemory } from "./gpu-memory.ts";

const APP_FILE = join(import.meta.dirname, "./modal_app.py");
const VOLUME = "flux-sculptor-weights";

/** Oldest Modal client that supports everything in the app's file: major and minor version. */
const OLDEST = [1, 6] as const;

/**
 * Deploys infra/deploy/modal/modal_app.py with Modal's own command and prints the settings that the worker needs. It first
 * checks everything that can be missing.
 * @param command Modal's command line client
 * @param charged the model whose price the worker charges: MODEL of wrangler.toml
 * @throws ModalError
 */
export async function deployGpu(
  command: string,
  charged: string,
  say: (line: string) => void,
): Promise<void> {
  const { GPU_MODEL: model = "flux-dev", GPU_TYPE: gpu = "H100" } = process.env;
  checkModel(model, charged);
  checkVersion(command);
  const client = openModal();
  await checkSecrets(client);
  await checkMemory(model, gpu, weightsIn(command, model));
  const { status } = spawnSync(command, ["deploy", APP_FILE], { stdio: "inherit" });
  if (status !== 0) throw new ModalError("modal deploy failed: see its message above");
  const { url } = await findGpu(client);
  say(`
The GPU function is at ${url}. The worker is deployed with
  npm run deploy -- --gpu-url ${url} --secrets-file production.env
with these in production.env, beside the worker's other secrets:
  GPU_SECRET=                     the value given to \`modal secret create\`
  MODAL_KEY=, MODAL_SECRET=       a proxy auth token: https://modal.com/settings/proxy-auth-tokens
and in wrangler.toml, that no probe of /healthz may start a GPU:
  GPU_ON_DEMAND = "1"`);
}

/** The worker has prices for some models, and refuses edits made by any model except the one it charges for. */
function checkModel(model: string, charged: string): void {
  if (!(model in MODELS))
    throw new ModalError(
      `GPU_MODEL is ${model}, which has no price: one of ${Object.keys(MODELS).join(", ")}`,
    );
  if (model !== charged)
    throw new ModalError(
      `GPU_MODEL is ${model}, and the worker charges for ${charged}: set MODEL = "${model}" in wrangler.toml, or GPU_MODEL=${charged}`,
    );
}

/** Files of the model in the volume. They must be there first: a container without them would cost money and fail. */
function weightsIn(command: string, model: string): string {
  const { status, stdout } = spawnSync(command, ["volume", "ls", VOLUME, model, "--json"], {
    encoding: "utf8",
  });
  if (status === 0 && stdout.includes(`${model}/manifest.json`)) return stdout;
  throw new ModalError(
    `the volume ${VOLUME} has no ${model}: modal run infra/deploy/modal/modal_app.py::fetch_weights --model ${model} --accept-licence`,
  );
}

function checkVersion(command: string): void {
  const { error, status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  if (error || status !== 0)
    throw new ModalError(`${command} does not run: pip install modal==1.6.4, or set MODAL_CLI to its path`);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) !== OLDEST[0] || Number(minor) < OLDEST[1])
    throw new ModalError(
      `${stdout.split("\n")[0]}: ${OLDEST.join(".")} or newer is needed, pip install modal==1.6.4`,
    );
}
