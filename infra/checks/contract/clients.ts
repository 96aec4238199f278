// Clients of the contract, generated or installed as a developer would, each run against the worker: it uploads a photo,
// makes an edit and gets the picture. Swift and Kotlin are parsed by their grammars.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { globSync } from "tinyglobby";

const ROOT = join(import.meta.dirname, "../../..");
const SCRIPTS = join(import.meta.dirname, "clients");
const PORTRAIT = join(ROOT, "gpu-fn/examples/portrait-01.png");
const MOBILE = join(ROOT, "edge/docs/examples/mobile");

/** A check, and what it runs. @throws Error of the command that failed */
export interface Check {
  readonly name: string;
  readonly run: () => void;
}

export interface Workshop {
  readonly url: string;
  readonly key: string;
  /** Folder of what is installed once, `.state/clients`. */
  readonly folder: string;
}

/** The checks, in an order in which later ones use what earlier ones made. */
export function clientChecks({ url, key, folder }: Workshop): Check[] {
  const at = (...names: string[]) => resolve(folder, ...names);
  const python = at("python");
  const env = {
    ...process.env,
    FLUX_API_URL: url,
    FLUX_API_KEY: key,
    PORTRAIT,
    NO_COLOR: "1",
    PATH: `${join(python, "bin")}:${process.env.PATH}`,
  };
  const run = (cwd: string, command: string, args: readonly string[], more: Record<string, string> = {}) =>
    void execFileSync(command, args, { cwd, env: { ...env, ...more }, stdio: ["ignore", 2, 2] });
  const bin = (name: string, args: readonly string[]) => run(at(), at("node_modules/.bin", name), args);
  const script = (name: string) => run(at(), process.execPath, [at(name)]);
  const py = (cwd: string, args: readonly string[], ...paths: string[]) =>
    run(cwd, "python3", args, { PYTHONPATH: [...paths, python].join(":") });
  const pip = ["-m", "pip", "--disable-pip-version-check", "--quiet"];

  return [
    {
      name: "the tools are installed",
      run: () => {
        mkdirSync(at(), { recursive: true });
        cpSync(SCRIPTS, at(), { recursive: true });
        once(at("npm.stamp"), "package-lock.json", () =>
          run(at(), "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]),
        );
        once(at("pip.stamp"), "requirements.txt", () => {
          rmSync(python, { recursive: true, force: true });
          const limits = ["--no-deps", "--require-hashes", "--only-binary=:all:"];
          run(at(), "python3", [...pip, "install", ...limits, "--target", python, "-r", "requirements.txt"]);
        });
        rmSync(at("made"), { recursive: true, force: true });
        mkdirSync(at("made"));
        run(at(), "curl", ["-sf", "-o", at("openapi.json"), `${url}/openapi.json`]);
      },
    },
    {
      name: "Redocly finds no error and no warning",
      run: () =>
        bin("redocly", [
          "lint",
          "openapi.json",
          "--max-problems=20",
          `--config=${join(import.meta.dirname, "redocly.yaml")}`,
        ]),
    },
    {
      name: "curl",
      run: () => {
        const line = `curl -sf ${url}/v1/edits -H "Authorization: Bearer ${key}" -H "Prefer: wait" -F image=@${PORTRAIT} -F prompt="a woman wearing glasses"`;
        const edit = JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" }));
        if (edit.status !== "succeeded") throw new Error(JSON.stringify(edit));
      },
    },
    {
      name: "@hey-api/openapi-ts: generated and run",
      run: () => {
        bin("openapi-ts", ["-i", "openapi.json", "-o", "made/hey-api", "--silent"]);
        // Node runs modules by their whole names; what the generator writes is for a bundler
        for (const file of globSync("made/hey-api/**/*.ts", { cwd: at() })) withEndings(at(file));
        script("hey-api.ts");
      },
    },
    {
      name: "openapi-typescript with openapi-fetch: generated, checked and run",
      run: () => {
        // a field with a default may be left out of a request
        const options = ["--default-non-nullable=false", "-o", "made/openapi-typescript.d.ts"];
        bin("openapi-typescript", ["openapi.json", ...options]);
        typesOf(run, at(), at("openapi-fetch.ts"));
        script("openapi-fetch.ts");
      },
    },
    {
      name: "openapi-python-client: generated and run",
      run: () => {
        const made = at("made/python");
        py(at(), [
          "-m",
          "openapi_python_client",
          "generate",
          "--path",
          "openapi.json",
          "--output-path",
          made,
        ]);
        py(at(), [at("generated_user.py")], made);
      },
    },
    {
      name: "the npm package: packed, installed in an empty project, checked and run",
      run: () => {
        const project = fresh(at("empty-npm"));
        writeFileSync(join(project, "package.json"), '{"type":"module","private":true}');
        run(join(ROOT, "shared/client"), "npm", [
          "pack",
          "--ignore-scripts=false",
          "--pack-destination",
          project,
        ]);
        const [tarball = ""] = globSync("*.tgz", { cwd: project });
        run(project, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `./${tarball}`]);
        cpSync(join(SCRIPTS, "package-user.ts"), join(project, "user.ts"));
        typesOf(run, at(), join(project, "user.ts"));
        run(project, process.execPath, ["user.ts"]);
      },
    },
    {
      name: "the Python wheel: built, installed in an empty folder and run, with and without asyncio",
      run: () => {
        const project = fresh(at("empty-python"));
        const source = join(ROOT, "shared/client-python");
        const build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", project];
        py(at(), [...pip, ...build, source]);
        const [wheel = ""] = globSync("*.whl", { cwd: project, absolute: true });
        py(at(), [...pip, "install", "--no-deps", "--target", join(project, "packages"), wheel]);
        py(project, [at("wheel_user.py")], join(project, "packages"));
      },
    },
    {
      name: "the Expo app: type-checked with its own packages",
      run: () => {
        const app = at("expo");
        mkdirSync(app, { recursive: true });
        for (const file of ["package.json", "tsconfig.json", "App.tsx", "flow.ts"])
          cpSync(join(MOBILE, file), join(app, file));
        run(app, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        run(app, "npm", ["run", "--silent", "check"]);
      },
    },
    {
      name: "Swift and Kotlin: parsed",
      run: () => py(MOBILE, [at("parse.py"), "Flow.swift", "Flow.kt"]),
    },
  ];
}

type Run = (cwd: string, command: string, args: readonly string[]) => void;

/** Checks a script's types as a project of its own would. */
function typesOf(run: Run, tools: string, file: string): void {
  const node = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node"];
  const modules = [
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--allowImportingTsExtensions",
    "--skipLibCheck",
  ];
  run(tools, join(tools, "node_modules/.bin/tsc"), ["--noEmit", "--strict", ...node, ...modules, file]);
}

/** Does something once for each content of a lock file. */
function once(stamp: string, lock: string, act: () => void): void {
  const digest = createHash("sha256")
    .update(readFileSync(join(SCRIPTS, lock)))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  act();
  writeFileSync(stamp, digest);
}

function fresh(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function withEndings(file: string): void {
  const text = readFileSync(file, "utf8");
  const folder = join(file, "..");
  const ended = text.replaceAll(/(from ')(\.{1,2}(?:\/[\w.-]+)*)(')/g, (whole, before, path, after) => {
    const source = path.replace(/\.js$/, ".ts");
    if (existsSync(join(folder, source))) return `${before}${source}${after}`;
    if (existsSync(join(folder, `${path}.ts`))) return `${before}${path}.ts${after}`;
    return existsSync(join(folder, path, "index.ts")) ? `${before}${path}/index.ts${after}` : whole;
  });
  writeFileSync(file, ended);
}
