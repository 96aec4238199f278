// `npm run build:client`: builds the typed client's package (shared/client/dist): one JavaScript module and its types.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGE = join(ROOT, "shared/client");
const DIST = join(PACKAGE, "dist");

/** Maximum size of the module in bytes: a page loads it before it can do anything. */
const BYTES_MAX = 15_000;

rmSync(DIST, { recursive: true, force: true });
await build({
  configFile: false,
  root: PACKAGE,
  logLevel: "warn",
  build: {
    outDir: DIST,
    target: "es2022",
    // of a library, Vite itself keeps the white space
    rolldownOptions: { output: { minify: true } },
    lib: { entry: join(PACKAGE, "src/index.ts"), formats: ["es"], fileName: "index" },
  },
});
execFileSync(process.execPath, [
  join(ROOT, "node_modules/typescript/bin/tsc"),
  ...["--declaration", "--emitDeclarationOnly", "--outDir", DIST, "--allowImportingTsExtensions"],
  ...["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom", "--strict", "--ignoreConfig"],
  join(PACKAGE, "src/index.ts"),
]);
// the type declarations import the module beside them
for (const file of globSync("*.d.ts", { cwd: DIST })) {
  const text = readFileSync(join(DIST, file), "utf8");
  writeFileSync(join(DIST, file), text.replaceAll(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"'));
}
const { size } = statSync(join(DIST, "index.js"));
if (size > BYTES_MAX) throw new Error(`the client has ${size} bytes; at most ${BYTES_MAX} are allowed`);
process.stdout.write(`shared/client/dist: ${size} bytes\n`);
