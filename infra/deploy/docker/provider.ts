// A step of the GPU image's build: `node infra/deploy/docker/provider.ts FOLDER` copies ONNX Runtime's CUDA provider from a
// folder of Python packages to onnxruntime-node's library. It fails if the provider is missing, has another version, or
// lacks a library: an image that would fall back to the processor is not built.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runtimeFolder } from "../../../gpu-fn/src/device/provider.ts";
import { librariesMissing, libraryPath } from "./libraries.ts";

const LIBRARIES = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

function fail(reason: string): never {
  process.stderr.write(`error: ${reason}\n`);
  process.exit(1);
}

const [packages = fail("give the folder of the Python packages")] = process.argv.slice(2);
const source = join(packages, "onnxruntime/capi");
const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json");
// the runtime's symbols contain its version: a provider of another version does not load
const core = join(source, `libonnxruntime.so.${version}`);
if (!existsSync(core)) fail(`${core} is missing: the packages must contain onnxruntime-gpu ${version}`);

const target = runtimeFolder();
for (const name of LIBRARIES) {
  if (!existsSync(join(source, name))) fail(`${join(source, name)} is missing`);
  copyFileSync(join(source, name), join(target, name));
}

const environment = { ...process.env, LD_LIBRARY_PATH: libraryPath(packages) };
const cuda = join(target, "libonnxruntime_providers_cuda.so");
const { stdout, status, error } = spawnSync("ldd", [cuda], { encoding: "utf8", env: environment });
if (error || status !== 0) fail(`ldd cannot read ${cuda}`);
const missing = librariesMissing(stdout, packages);
if (missing.length > 0) fail(`the CUDA provider lacks ${missing.join(", ")}`);
const { length } = readFileSync(cuda);
process.stdout.write(`CUDA provider ${version}: ${length} bytes in ${target}, every library found\n`);
