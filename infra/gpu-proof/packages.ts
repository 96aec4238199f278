/** The files of the project and its packages that the GPU function needs for edits. */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** What the proof imports. */
export const PACKAGES = [
  ...["onnxruntime-node", "sharp", "@huggingface/tokenizers", "zod", "lru-cache"],
  // the engine's reader of words
  ...["fflate", "obscenity"],
];

export const SOURCES = [
  ...["package.json", "shared", "gpu-fn/src", "gpu-fn/bench/gpu", "gpu-fn/bench/kit", "infra/rehearsal"],
  ...["infra/gpu-proof/machine", "gpu-fn/models/flux-dev", "gpu-fn/models/faces"],
  ...["flux", "t5_encoder", "clip_tower", "autoencoder", "presets"].map(
    (name) => `gpu-fn/training/${name}.py`,
  ),
];

/** From the embedded model: PASL, which FLUX shares. */
const EMBEDDED = [
  "manifest.json",
  "tokenizer.json",
  "pasl.safetensors",
  "clip.safetensors",
  "vocabulary.json",
];

/** Names of packages and of all their installed dependencies. */
function closure(names: readonly string[], modules: string): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const described = join(modules, name, "package.json");
    if (found.has(name) || !existsSync(described)) return;
    found.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(described, "utf8"));
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed);
  };
  names.forEach(visit);
  return [...found];
}

/** Leaves out tests, unused files, and the runtime's files for other platforms. */
const LEFT =
  /\.(?:test|fixture)\.ts$|\.map$|\.d\.[cm]?ts$|\/bin\/napi-v\d+\/(?!linux(?:\/|$))|\/linux\/arm64/;

/** Copies everything to a folder, with the same layout. */
export function copyEngine(folder: string): void {
  const modules = join(ROOT, "node_modules");
  const paths = [
    ...SOURCES,
    ...EMBEDDED.map((name) => `gpu-fn/models/mini/${name}`),
    ...closure(PACKAGES, modules).map((name) => `node_modules/${name}`),
  ];
  for (const path of paths)
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      filter: (source) => !LEFT.test(source),
    });
}
