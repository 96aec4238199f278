// Where clients of the contract are made: a folder, and the commands that run in it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type SnippetAccounts, sampleIn } from "./snippet-runs.ts";
import type { Row } from "./table.ts";

export const ROOT = join(import.meta.dirname, "../../..");
export const SCRIPTS = join(import.meta.dirname, "clients");
export const PORTRAIT = join(ROOT, "gpu-fn/examples/portrait-01.png");
export const PIP = ["-m", "pip", "--disable-pip-version-check", "--quiet"];

/** A check, and what it runs. @throws Error of the command that failed */
export interface Check {
  readonly name: string;
  readonly run: () => void;
  /** Rows of the table of clients that it stands for, once it has run. */
  readonly rows?: () => readonly Row[];
}

export interface Workshop {
  readonly url: string;
  readonly key: string;
  /** The operator's. */
  readonly adminKey: string;
  /** What the snippets of each language ask for, and erase. */
  readonly accounts: SnippetAccounts;
  /** Folder of what is installed once, `.state/clients`. */
  readonly folder: string;
}

/** Commands that the checks run, in the workshop's folder. */
export function openWorkshop({ url, key, folder }: Pick<Workshop, "url" | "key" | "folder">) {
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
  return {
    at,
    python,
    env,
    run,
    bin: (name: string, args: readonly string[]) => run(at(), at("node_modules/.bin", name), args),
    script: (name: string) => run(at(), process.execPath, [at(name)]),
    py: (cwd: string, args: readonly string[], ...paths: string[]) =>
      run(cwd, "python3", args, { PYTHONPATH: [...paths, python].join(":") }),
    lines: (file: string) => linesIn(readFileSync(file, "utf8")),
    /** Lines of the contract's example in a language. */
    sample: (language: string) => linesIn(sampleIn(at("openapi.json"), "createEdit", language)),
  };
}

export type Tools = ReturnType<typeof openWorkshop>;

/** Lines that say something: without comments and blank ones. */
const linesIn = (code: string): number =>
  code
    .replace(/^\s*("""[\s\S]*?"""|\/\*[\s\S]*?\*\/)/, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/\*|\*|#)/.test(line)).length;

/** Checks a script's types as a separate project. */
export function typesOf({ at, run }: Tools, file: string): void {
  const node = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node"];
  const modules = [
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--allowImportingTsExtensions",
    "--skipLibCheck",
  ];
  run(at(), at("node_modules/.bin/tsc"), ["--noEmit", "--strict", ...node, ...modules, file]);
}

/** An empty folder in place of whatever was there. */
export function fresh(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
