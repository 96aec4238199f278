// The deployment by Modal's own clients, in Python and JavaScript, against a fake of the API.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { gpuHealthSchema } from "../../../shared/gpu.ts";
import { freePort } from "../../local/ports.ts";
import { type Call, fakeApi, installed } from "./fake-api.fixture.ts";

const URL = "https://acme--flux-sculptor-gpu.modal.run";

const asked = (calls: readonly Call[], name: string) =>
  calls.filter(({ call }) => call === name).map(({ request }) => request);

/** The definition of a deployed function. */
const functionOf = (calls: readonly Call[], name: string) =>
  asked(calls, "FunctionCreate")
    .map((request) => request.function as Record<string, unknown>)
    .find(({ function_name }) => function_name === name);

/** Every Dockerfile command of the image. */
const imageOf = (calls: readonly Call[]) =>
  asked(calls, "ImageGetOrCreate").flatMap(
    ({ image }) => (image as { dockerfile_commands: string[] }).dockerfile_commands,
  );

let deployed: Awaited<ReturnType<typeof fakeApi>>;
let first: Awaited<ReturnType<typeof deployed.gpu>>;
let endFirst: () => void;

beforeAll(async () => {
  deployed = await fakeApi({}, (end) => {
    endFirst = end;
  });
  first = await deployed.gpu(["deploy:gpu"]);
}, 180_000);
afterAll(() => endFirst());

test("deploys the GPU as a web function behind Modal's proxy, with default settings", () => {
  const { calls } = deployed;
  const { status, stdout } = first;
  expect(status).toBe(0);
  expect(stdout).toContain(`The GPU function is at ${URL}.`);
  for (const word of ["--gpu-url", "GPU_SECRET", "MODAL_KEY", 'GPU_ON_DEMAND = "1"'])
    expect(stdout).toContain(word);

  const served = functionOf(calls, "Gpu.*");
  expect(served).toMatchObject({
    resources: { gpu_config: { count: 1, gpu_type: "H100" }, milli_cpu: 4000, memory_mb: 32_768 },
    autoscaler_settings: { min_containers: 0, max_containers: 1, scaledown_window: 300 },
    target_concurrent_inputs: 1,
    max_concurrent_inputs: 8,
    volume_mounts: [{ mount_path: "/weights" }],
    method_definitions: {
      serve: { webhook_config: { web_server_port: 8000, requires_proxy_auth: true } },
    },
  });
  // an edit's deadline is 15 minutes at most
  expect(served?.timeout_secs).toBeGreaterThan(900);
  expect(asked(calls, "SecretGetOrCreate")).toContainEqual(
    expect.objectContaining({
      env_dict: expect.objectContaining({
        DEVICE: "cuda",
        HOST: "0.0.0.0",
        PORT: "8000",
        MODEL_MANIFEST: "/weights/flux-dev/manifest.json",
        THREADS: "4",
        NVIDIA_TF32_OVERRIDE: "0",
      }),
    }),
  );
  const volumes = asked(calls, "VolumeGetOrCreate").map(({ deployment_name }) => deployment_name);
  expect(new Set(volumes)).toEqual(new Set(["flux-sculptor-weights"]));
  expect(asked(calls, "AppPublish")).toMatchObject([
    { name: "flux-sculptor", app_state: "APP_STATE_DEPLOYED" },
  ]);
});

test("weights are fetched without a GPU, by a function with the hub's token", () => {
  const fetching = functionOf(deployed.calls, "fetch_weights");
  expect(fetching).toMatchObject({ secret_ids: ["st-flux-sculptor-weights"], timeout_secs: 10_800 });
  expect(fetching?.resources).toEqual({ gpu_config: {}, milli_cpu: 2000, memory_mb: 4096 });
});

test("the image has the Dockerfile's steps: same base, same packages, same check of the provider", () => {
  const image = imageOf(deployed.calls);
  const dockerfile = readFileSync(join(import.meta.dirname, "../docker/Dockerfile"), "utf8");
  const [base] = /node:\S+/.exec(dockerfile) ?? [];
  expect(image[0]).toBe(`FROM ${base}`);
  expect(image).toContain("RUN npm ci --omit=dev");
  expect(dockerfile).toContain("RUN npm ci --omit=dev");
  expect(image.at(-1)).toBe("RUN node infra/deploy/docker/provider.ts /opt/cuda");
  const pip =
    "pip install --no-cache-dir --no-deps --require-hashes --target /opt/cuda -r cuda-requirements.txt";
  const policies =
    "pip install --no-cache-dir --no-deps --require-hashes --target /opt/moderation -r moderation-requirements.txt";
  for (const text of [image.join("\n"), dockerfile]) {
    expect(text).toContain(pip);
    expect(text).toContain(policies);
  }
});

test("settings come from the environment", async () => {
  const { calls, gpu } = await fakeApi();
  await gpu(
    ["deploy:gpu"],
    {
      GPU_TYPE: "L40S",
      GPU_SCALEDOWN_SECONDS: "60",
      GPU_MIN_CONTAINERS: "1",
      GPU_MAX_CONTAINERS: "4",
      GPU_MODEL: "flux-schnell",
    },
    "flux-schnell",
  );
  expect(functionOf(calls, "Gpu.*")).toMatchObject({
    resources: { gpu_config: { gpu_type: "L40S" } },
    autoscaler_settings: { min_containers: 1, max_containers: 4, scaledown_window: 60 },
  });
  expect(JSON.stringify(asked(calls, "SecretGetOrCreate"))).toContain("/weights/flux-schnell/manifest.json");
});

test("status shows address, containers, queue and autoscaler; warm changes only the autoscaler", async () => {
  const { calls, gpu } = deployed;
  const idle = await gpu(["gpu:status"]);
  expect([idle.status, idle.stderr]).toEqual([0, ""]);
  expect(idle.stdout).toMatch(new RegExp(`^url +${URL}$`, "m"));
  expect(idle.stdout).toMatch(/^containers +0$/m);
  expect(idle.stdout).toMatch(/^queue +2$/m);
  expect(idle.stdout).toMatch(/^autoscaler +0 to 1, 0 spare, idle for 300 s$/m);

  const warm = await gpu(["gpu:warm", "2"]);
  expect([warm.status, warm.stdout]).toEqual([0, expect.stringContaining("2 of 2 containers")]);
  expect((await gpu(["gpu:status"])).stdout).toMatch(/^autoscaler +2 to 1,/m);
  expect((await gpu(["gpu:warm", "0"])).stdout).toContain("scales to zero");
  expect((await gpu(["gpu:status"])).stdout).toMatch(/^autoscaler +0 to 1, 0 spare, idle for 300 s$/m);
  const changes = asked(calls, "FunctionUpdateSchedulingParams").map(({ settings }) => settings);
  expect(changes).toEqual([{}, { min_containers: 2 }, {}, { min_containers: 0 }, {}]);
});

test("one line names what is missing, before anything is deployed", async () => {
  const { calls, gpu } = await fakeApi({ missing_secrets: ["flux-sculptor-weights"] });
  const line = (text: string) => expect.stringMatching(new RegExp(`^error: ${text}[^\n]*\n$`));
  const refused = async (args: string[], more?: Record<string, string>) => {
    const { status, stderr } = await gpu(args, more);
    return [status, stderr];
  };
  expect(await refused(["gpu:status"])).toEqual([1, line("the GPU function is not deployed")]);
  expect(await refused(["deploy:gpu"], { MODAL_CLI: "/nowhere/modal" })).toEqual([
    1,
    line("/nowhere/modal does not run"),
  ]);
  expect(await refused(["deploy:gpu"], { MODAL_CLI: process.execPath })).toEqual([
    1,
    line("v22[.0-9]*: 1.6 or newer"),
  ]);
  expect(await refused(["deploy:gpu"], { MODAL_TOKEN_ID: "" })).toEqual([1, line("nobody is logged in")]);
  expect(await refused(["deploy:gpu"])).toEqual([
    1,
    line("a secret is missing: modal secret create flux-sculptor-weights HF_TOKEN="),
  ]);
  expect(asked(calls, "FunctionCreate")).toEqual([]);
});

test("a model without a price, or not the one that the worker charges for, is not deployed", async () => {
  const { calls, gpu } = await fakeApi();
  const unknown = await gpu(["deploy:gpu"], { GPU_MODEL: "flux-pro" });
  expect(unknown.stderr).toBe(
    "error: GPU_MODEL is flux-pro, which has no price: one of mini, flux-dev, flux-schnell\n",
  );
  const other = await gpu(["deploy:gpu"], {}, "mini");
  expect(other.stderr).toMatch(
    /^error: GPU_MODEL is flux-dev, and the worker charges for mini: set MODEL = "flux-dev"/,
  );
  expect([unknown.status, other.status]).toEqual([1, 1]);
  expect(calls).toEqual([]);
});

test("nothing is deployed before the volume has the model", async () => {
  const { calls, gpu } = await fakeApi({ models: ["flux-schnell"] });
  const { status, stderr } = await gpu(["deploy:gpu"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: the volume flux-sculptor-weights has no flux-dev: modal run \S+::fetch_weights --model flux-dev --accept-licence\n$/,
  );
  expect(asked(calls, "FunctionCreate")).toEqual([]);
});

const MINI = join(import.meta.dirname, "../../../gpu-fn/models/mini/manifest.json");

/** A container of the class, with a model's manifest on its volume. */
function startContainer(manifest: string, port: number, more: Readonly<Record<string, string>> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const container = spawn(installed("python"), [join(import.meta.dirname, "container.py")], {
    env: {
      ...{ PATH, HOME, PORT: String(port), MODEL_MANIFEST: manifest },
      ...{ GPU_SECRET: "s".repeat(32), DEVICE: "cpu", MODERATION_OFF: "all" },
      ...more,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said: { pid?: number; ended?: number; reloaded?: boolean }[] = [];
  let stderr = "";
  container.stderr.on("data", (chunk) => (stderr += chunk));
  createInterface({ input: container.stdout }).on("line", (line) => said.push(JSON.parse(line)));
  const ended = new Promise<number | null>((resolve) => container.once("close", resolve));
  return { said, ended, stderr: () => stderr, leave: () => container.stdin.write("leave\n") };
}

test("a container restarts its server, reloads the volume each time, and ends the server when it ends", async () => {
  const port = await freePort();
  const { said, ended, leave, stderr } = startContainer(MINI, port, { RELOAD_FAILS: "2" });
  const healthy = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    return answer !== null && gpuHealthSchema.parse(await answer.json()).status === "ready";
  };
  await vi.waitUntil(healthy, { timeout: 30_000, interval: 100 });
  const pid = said.find((line) => line.pid !== undefined)?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  await vi.waitUntil(async () => !(await healthy()), { timeout: 5_000 });
  await vi.waitUntil(healthy, { timeout: 30_000, interval: 100 });
  // a volume that is away once delays the server and no more
  expect(said.flatMap(({ reloaded }) => reloaded ?? [])).toEqual([true, false, true]);
  expect(stderr()).toContain("it did not start: the volume is away");
  leave();
  expect(await ended).toBe(0);
  expect(said.at(-1)).toMatchObject({ ended: 0 });
  expect(said.at(-1)?.pid).not.toBe(pid);
  expect(await healthy()).toBe(false);
});

test("a server that keeps ending is started less and less often", async () => {
  const { ended, stderr, leave } = startContainer(MINI, await freePort(), { THREADS: "none" });
  const pauses = () =>
    [...stderr().matchAll(/another start in (\d+) s/g)].map(([, seconds]) => Number(seconds));
  await vi.waitUntil(() => pauses().length === 3, { timeout: 30_000 });
  expect(pauses()).toEqual([1, 2, 4]);
  leave();
  expect(await ended).toBe(0);
});

test("a container without weights does not start, and says how to fetch them", async () => {
  const { ended, stderr, said } = startContainer("/nowhere/manifest.json", await freePort());
  expect(await ended).not.toBe(0);
  expect(stderr()).toContain("there is no /nowhere/manifest.json: modal run");
  expect(said).toEqual([{ reloaded: true }]);
});
