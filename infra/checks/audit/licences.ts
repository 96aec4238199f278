import satisfies from "spdx-satisfies";
import { z } from "zod";
import { type Lock, nameOf } from "./lock.ts";

/** SPDX ids that may run or be served, and packages with another licence, each with what follows from it. */
export const licencesSchema = z.strictObject({
  allowed: z.array(z.string()).min(1),
  /** Development packages whose code is bundled into what is served. */
  bundled: z.array(z.string()),
  exceptions: z.array(
    z.strictObject({
      packages: z.array(z.string()).min(1),
      licence: z.string(),
      reason: z.string().min(30, "say what follows from it"),
    }),
  ),
});

export type Licences = z.output<typeof licencesSchema>;

/**
 * Packages of the lock file that run in production or are served: path and licence.
 * @param installed the `license` of the package.json at a path; undefined if nothing is installed there
 */
export function runtimeLicences(
  lock: Lock,
  bundled: readonly string[],
  installed: (path: string) => string | null | undefined,
): { path: string; licence: string | null }[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== "" && (!dev || bundled.includes(nameOf(path))))
    .map(([path, { optional, license }]) => {
      const licence = installed(path);
      // of other platforms only the lock file speaks
      return { path, licence: licence === undefined && optional ? (license ?? null) : (licence ?? null) };
    });
}

/** Packages whose licence is neither allowed nor excepted, and exceptions that except nothing; a line each. */
export function licenceFaults(
  packages: readonly { readonly path: string; readonly licence: string | null }[],
  { allowed, bundled, exceptions }: Licences,
): string[] {
  const used = new Set<string>();
  const faults = packages.flatMap(({ path, licence }) => {
    const name = nameOf(path);
    if (licence === null) return [`${name}: has no licence, or is not installed`];
    const excepted = exceptions.some((each) => each.packages.includes(name) && each.licence === licence);
    if (excepted) used.add(name);
    const refusal = excepted ? null : refusalOf(licence, allowed);
    return refusal === null ? [] : [`${name}: ${refusal}`];
  });
  const names = new Set(packages.map(({ path }) => nameOf(path)));
  for (const name of exceptions.flatMap((each) => each.packages))
    if (!used.has(name)) faults.push(`${name}: the exception for its licence is not needed`);
  for (const name of bundled)
    if (!names.has(name)) faults.push(`${name}: is named as bundled and is not there`);
  return faults;
}

/** What keeps a licence, an SPDX expression, from being met by the allowed ones alone; null if nothing does. */
function refusalOf(licence: string, allowed: readonly string[]): string | null {
  try {
    return satisfies(licence, allowed) ? null : `${licence} is not allowed`;
  } catch {
    // the parser's one way to say so: "UNLICENSED", "SEE LICENSE IN …" and misspelt ids end here
    return `"${licence}" is no SPDX expression`;
  }
}
