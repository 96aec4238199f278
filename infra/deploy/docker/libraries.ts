import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the packages of cuda-requirements.txt keep their libraries, under the folder they are installed in. */
const FOLDERS = ["nvidia/cu13/lib", "nvidia/cudnn/lib"];

/** What the provider opens by name once a session asks for it; `ldd` does not know them. */
const OPENED = [
  "nvidia/cudnn/lib/libcudnn.so.9",
  "nvidia/cu13/lib/libcufft.so.12",
  "nvidia/cu13/lib/libnvrtc.so.13",
];

/** Comes with the driver of the machine that the image runs on, so no image has it. */
const DRIVER = "libcuda.so.1";

/** LD_LIBRARY_PATH for packages in a folder. */
export function libraryPath(packages: string): string {
  return FOLDERS.map((folder) => join(packages, folder)).join(":");
}

/** Libraries that cannot be loaded: those that `ldd` does not find, the driver's apart, and those opened by name. */
export function librariesMissing(ldd: string, packages: string): string[] {
  const linked = [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name ?? "");
  const opened = OPENED.filter((path) => !existsSync(join(packages, path)));
  return [...linked.filter((name) => name !== DRIVER), ...opened];
}
