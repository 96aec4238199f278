import satisfies from "spdx-satisfies";
import { z } from "zod";
import { type Lock, nameOf } from "./lock.ts";

/** SPDX ids of everything that may run or be served, and packages with another licence, each with its consequences. */
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
      // for other platforms only the lock file has the licence
      return { path, licence: licence === undefined && optional ? (license ?? null) : (licence ?? null) };
    });
}

/** Packages whose licence is neither allowed nor excepted, and exceptions without a package; one line each. */
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

/** The part of a licence, an SPDX expression, that the allowed ones do not cover; null if they cover all of it. */
function refusalOf(licence: string, allowed: readonly string[]): string | null {
  try {
    return satisfies(licence, allowed) ? null : `${licence} is not allowed`;
  } catch {
    // the parser's only error: "UNLICENSED", "SEE LICENSE IN …" and misspelt ids end here
    return `"${licence}" is no SPDX expression`;
  }
}
