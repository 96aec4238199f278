import { existsSync } from "node:fs";
import { join } from "node:path";

/** Library folders of the packages in cuda-requirements.txt, relative to their installation folder. */
const FOLDERS = ["nvidia/cu13/lib", "nvidia/cudnn/lib"];

/** Libraries that the provider opens by name when a session needs them; `ldd` does not list them. */
const OPENED = [
  "nvidia/cudnn/lib/libcudnn.so.9",
  "nvidia/cu13/lib/libcufft.so.12",
  "nvidia/cu13/lib/libnvrtc.so.13",
];

/** Comes with the machine's driver, so no image contains it. */
const DRIVER = "libcuda.so.1";

/** LD_LIBRARY_PATH for packages in a folder. */
export function libraryPath(packages: string): string {
  return FOLDERS.map((folder) => join(packages, folder)).join(":");
}

/** Libraries that cannot be loaded: not found by `ldd` (except the driver's), or opened by name and missing. */
export function librariesMissing(ldd: string, packages: string): string[] {
  const linked = [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name ?? "");
  const opened = OPENED.filter((path) => !existsSync(join(packages, path)));
  return [...linked.filter((name) => name !== DRIVER), ...opened];
}
