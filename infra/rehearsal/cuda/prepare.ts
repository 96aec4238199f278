/** The environment of a rehearsal: the real CUDA provider, stubs of CUDA, and a copy of the sources that loads both. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runtimeFolder } from "../../../gpu-fn/src/device/provider.ts";
import { rehearsals } from "../home.ts";
import { buildStubs } from "./stubs.ts";

const ROOT = join(import.meta.dirname, "../../..");
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const PLATFORM = [
  "--python-version",
  "3.12",
  "--platform",
  "manylinux_2_28_x86_64",
  "--platform",
  "manylinux2014_x86_64",
];
const LIBRARIES = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

/** Sources that a scene runs. */
const SOURCES = [
  "package.json",
  "shared",
  "gpu-fn/src",
  "gpu-fn/models",
  "gpu-fn/examples",
  "infra/rehearsal",
];

export interface Stage {
  /** Copy of the sources, beside packages whose onnxruntime-node has the CUDA provider. */
  readonly tree: string;
  /** LD_LIBRARY_PATH of the stubs. */
  readonly libraries: string;
  /** Folder for files of scenes: models' headers, ledgers. */
  readonly folder: string;
}

export interface Provider {
  /** Folder with the provider's libraries from PyPI. */
  readonly folder: string;
  /** Folder with stubs of the libraries that the provider needs. */
  readonly stubs: string;
}

/**
 * @param say called with a line before each long step
 * @throws Error if pip, PyPI, a C compiler or binutils is missing
 */
export function prepare(say: (line: string) => void): Stage {
  const { folder, stubs } = fetchProvider(say);
  return { tree: copyTree(join(rehearsals(), "tree"), folder), libraries: stubs, folder: rehearsals() };
}

/** Fetches the provider and compiles its stubs, once each. @throws as `prepare` */
export function fetchProvider(say: (line: string) => void): Provider {
  const folder = rehearsals();
  const packages = join(folder, "packages");
  const libraries = join(folder, "cuda");
  once(join(folder, "packages.stamp"), readFileSync(REQUIREMENTS, "utf8"), () => {
    say("fetching onnxruntime-gpu from PyPI (250 MB) …");
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--require-hashes",
    ];
    const { status } = spawnSync(
      "python3",
      [...pip, "--only-binary=:all:", ...PLATFORM, "--upgrade", "--target", packages, "-r", REQUIREMENTS],
      { stdio: ["ignore", 2, "inherit"] },
    );
    if (status !== 0)
      throw new Error("pip cannot fetch the CUDA provider: this needs Python 3 with pip, and access to PyPI");
  });
  const provider = join(packages, "onnxruntime/capi");
  once(join(folder, "stubs.stamp"), stubSources(), () => {
    say("compiling stubs of CUDA …");
    buildStubs(
      join(provider, "libonnxruntime_providers_cuda.so"),
      join(packages, "nvidia/cu13/include"),
      libraries,
    );
  });
  return { folder: provider, stubs: libraries };
}

/** Runs a step once for each content of its stamp. */
function once(stamp: string, content: string, make: () => void): void {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === content) return;
  mkdirSync(join(stamp, ".."), { recursive: true });
  make();
  writeFileSync(stamp, content);
}

function stubSources(): string {
  const stubs = join(import.meta.dirname, "stubs");
  const files = [
    join(import.meta.dirname, "stubs.ts"),
    ...readdirSync(stubs).map((name) => join(stubs, name)),
  ];
  return files.map((file) => readFileSync(file, "utf8")).join("");
}

/** The runtime loads providers from its own folder, and the checkout's must not change, so the runtime is copied too. */
function copyTree(tree: string, provider: string): string {
  rmSync(tree, { recursive: true, force: true });
  const modules = join(tree, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== "onnxruntime-node") symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  cpSync(join(ROOT, "node_modules/onnxruntime-node"), join(modules, "onnxruntime-node"), { recursive: true });
  const [, beside = ""] = runtimeFolder().split(join("node_modules", "onnxruntime-node"));
  for (const name of LIBRARIES)
    symlinkSync(join(provider, name), join(modules, "onnxruntime-node", beside, name));
  for (const name of SOURCES) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  return tree;
}
