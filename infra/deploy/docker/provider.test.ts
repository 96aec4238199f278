import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { librariesMissing, libraryPath } from "./libraries.ts";

const OPENED = [
  "nvidia/cudnn/lib/libcudnn.so.9",
  "nvidia/cu13/lib/libcufft.so.12",
  "nvidia/cu13/lib/libnvrtc.so.13",
];
const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json");

let packages = "";
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "flux-cuda-"));
  packages = folder;
  return () => rmSync(folder, { recursive: true });
});

function put(path: string): void {
  mkdirSync(dirname(join(packages, path)), { recursive: true });
  writeFileSync(join(packages, path), "");
}

const provider = (...args: string[]) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "provider.ts"), ...args],
    {
      encoding: "utf8",
    },
  );
  return [status, stderr];
};

test("an image build without the provider fails with a one-line reason", () => {
  expect(provider()).toEqual([1, expect.stringMatching(/^error: give the folder[^\n]+\n$/)]);
  expect(provider(packages)).toEqual([
    1,
    expect.stringMatching(/^error: [^\n]+must contain onnxruntime-gpu \d+\.\d+\.\d+\n$/),
  ]);
  put(`onnxruntime/capi/libonnxruntime.so.${version}`);
  expect(provider(packages)).toEqual([
    1,
    expect.stringMatching(/^error: [^\n]+libonnxruntime_providers_shared\.so is missing\n$/),
  ]);
});

test("every library except the driver's must be found", () => {
  for (const path of OPENED) put(path);
  const ldd = (lines: string) => librariesMissing(`\tlibm.so.6 => /lib/libm.so.6 (0x0)\n${lines}`, packages);
  expect(ldd("\tlibcuda.so.1 => not found\n")).toEqual([]);
  expect(ldd("\tlibcuda.so.1 => not found\n\tlibcurand.so.10 => not found\n")).toEqual(["libcurand.so.10"]);
  rmSync(join(packages, "nvidia/cudnn"), { recursive: true });
  expect(ldd("")).toEqual(["nvidia/cudnn/lib/libcudnn.so.9"]);
});

test("libraries are looked for in the packages' folders", () => {
  for (const path of OPENED)
    expect(libraryPath("/opt/cuda").split(":")).toContain(`/opt/cuda/${dirname(path)}`);
});
