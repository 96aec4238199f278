import { spawnSync } from "node:child_process";
import { z } from "zod";
import { type AuditReport, reportSchema } from "./advisories.ts";

/** What npm prints instead of a report if the registry refuses the audit or is unreachable. */
const refusedSchema = z.object({ message: z.string() });

/** Gives up early: a day-long wait for a registry that is away helps no one. */
const LIMITS = ["--fetch-retries=0", "--fetch-timeout=60000"];

export type Asked = { readonly report: AuditReport } | { readonly unanswered: string };

/**
 * npm's audit of the lock file at `root`, by the registry that npm is set up with.
 * @param omit kinds of dependencies to leave out, as `npm audit --omit` takes them
 * @throws Error if npm is missing or prints what is neither a report nor a refusal
 */
export function npmAudit(root: string, omit: readonly string[]): Asked {
  const omitted = omit.map((kind) => `--omit=${kind}`);
  const args = ["audit", "--json", "--package-lock-only", ...LIMITS, ...omitted];
  // the exit status says only whether anything was found
  const { stdout, error } = spawnSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw new Error(`npm audit: ${error.message}`);
  const printed: unknown = JSON.parse(stdout);
  const report = reportSchema.safeParse(printed);
  if (report.success) return { report: report.data };
  const refused = refusedSchema.safeParse(printed);
  if (refused.success) return { unanswered: refused.data.message };
  throw new Error(`npm audit printed an unknown report: ${z.prettifyError(report.error)}`);
}
