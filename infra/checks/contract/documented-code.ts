// Code that the documentation shows: the snippets of every route, and the mobile apps.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Contract, faultIn, isSent, PARSED, writeSnippets } from "./snippet-runs.ts";
import { type Check, fresh, PORTRAIT, ROOT, type Tools, type Workshop } from "./workshop.ts";

const MOBILE = join(ROOT, "edge/docs/examples/mobile");

export function documentedCode(
  { at, python, env, run, py, sample }: Tools,
  { adminKey, accounts }: Pick<Workshop, "adminKey" | "accounts">,
): Check[] {
  return [
    {
      name: "the snippets of /docs, every route: curl, TypeScript and Python sent, Swift and Kotlin parsed",
      run: () => {
        // below the project that has installed the client
        const place = fresh(at("empty-npm/snippets"));
        cpSync(PORTRAIT, join(place, "portrait.jpg"));
        writeFileSync(join(place, ".curlrc"), "fail-with-body\nno-progress-meter\n");
        const contract: Contract = JSON.parse(readFileSync(at("openapi.json"), "utf8"));
        const snippets = writeSnippets(contract, accounts, place);
        const packages = at("empty-python/packages");
        const faults = snippets.filter(isSent).flatMap((snippet) => {
          const { language, file, admin } = snippet;
          const FLUX_API_KEY = admin ? adminKey : accounts[language].keys[0];
          const more = { FLUX_API_KEY, CURL_HOME: place, PYTHONPATH: `${packages}:${python}` };
          const command = { curl: "sh", TypeScript: process.execPath, Python: "python3" }[language as "curl"];
          const said = failureOf(command, file, { cwd: place, env: { ...env, ...more } });
          return (said === null ? null : faultIn(snippet, said)) ?? [];
        });
        if (faults.length > 0) throw new Error(`\n${faults.join("\n")}`);
        const parsed = snippets.flatMap(({ language, file }) => (language in PARSED ? [file] : []));
        py(place, [at("parse.py"), ...parsed]);
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
      rows: () =>
        (["Swift", "Kotlin"] as const).map((language) => ({
          client: `${language}, [Flow.${PARSED[language]}](examples/mobile/Flow.${PARSED[language]})`,
          lines: sample(language),
          how: "parsed by tree-sitter's grammar, not compiled",
        })),
    },
  ];
}

/** The output of a failed program; null if it succeeded. */
function failureOf(
  command: string,
  file: string,
  options: { cwd: string; env: NodeJS.ProcessEnv },
): string | null {
  const { status, stdout, stderr } = spawnSync(command, [file], {
    ...options,
    encoding: "utf8",
    timeout: 120_000,
  });
  return status === 0 ? null : `${stderr}${stdout}`;
}
