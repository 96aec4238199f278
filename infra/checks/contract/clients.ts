// Clients of the contract, generated or installed as a developer would, each run against the worker: it uploads a photo,
// makes an edit and gets the picture. Swift and Kotlin are parsed by their grammars.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentedCode } from "./documented-code.ts";
import { generatedClients } from "./generated-clients.ts";
import { packagedClients } from "./packaged-clients.ts";
import { type Check, openWorkshop, PIP, PORTRAIT, SCRIPTS, type Tools, type Workshop } from "./workshop.ts";

/** The checks, in an order in which later ones use what earlier ones made. */
export function clientChecks(workshop: Workshop): Check[] {
  const tools = openWorkshop(workshop);
  return [
    ...preparation(tools, workshop),
    ...generatedClients(tools),
    ...packagedClients(tools),
    ...documentedCode(tools, workshop),
  ];
}

/** Installs the tools, and tries the contract itself. */
function preparation({ at, python, run, bin }: Tools, { url, key }: Workshop): Check[] {
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
          run(at(), "python3", [...PIP, "install", ...limits, "--target", python, "-r", "requirements.txt"]);
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
      rows: () => [{ client: "curl", lines: 1, how: "sent: photo and edit in one form" }],
    },
  ];
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
