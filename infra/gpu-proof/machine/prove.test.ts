import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const { error } = spawnSync("python3", ["--version"]);

test.skipIf(error)("libraries are found in the archive, then where the machine already had them", () => {
  const script = "import prove; print(prove.libraries())";
  const { PATH = "" } = process.env;
  const found = (env: Readonly<Record<string, string>>) =>
    spawnSync("python3", ["-B", "-c", script], {
      ...{ cwd: import.meta.dirname, encoding: "utf8" },
      env: { PATH, ...env },
    }).stdout.trim();
  expect(found({ LD_LIBRARY_PATH: "/usr/local/nvidia/lib64" })).toMatch(/\/lib:\/usr\/local\/nvidia\/lib64$/);
  expect(found({})).toMatch(/\/lib$/);
});
