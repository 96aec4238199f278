import { z } from "zod";

const ranges = z.record(z.string(), z.string()).default({});

const entrySchema = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().default(false),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  license: z.string().optional(),
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
});

/** package-lock.json, version 3, as npm documents it: packages by their path, the project itself under "". */
export const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), entrySchema),
});

export type Lock = z.output<typeof lockSchema>;

export const manifestSchema = z.object({
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  overrides: ranges,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

export type Manifest = z.output<typeof manifestSchema>;

const REGISTRY = "https://registry.npmjs.org/";

/** `1.2.3`, `1.2.3-beta.1`: one version and no range (semver.org). */
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

/** The name of a package by its path in the lock file. */
export const nameOf = (path: string) =>
  path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/** A git address, a file, a URL or GitHub's shorthand, none of which looks like a range or tag of the registry. */
const isForeign = (range: string) => !range.startsWith("npm:") && /[/:]/.test(range);

/**
 * Where a lock file takes something from elsewhere than the registry, without a hash, or with a script that runs at
 * installation; a line each. An entry without `resolved` comes from the registry that npm is set up with, and its hash
 * lets nothing else pass.
 */
export function lockFaults({ packages }: Lock, { allowScripts }: Pick<Manifest, "allowScripts">): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const faults: string[] = [];
    for (const [name, range] of Object.entries({
      ...entry.peerDependencies,
      ...entry.optionalDependencies,
      ...entry.devDependencies,
      ...entry.dependencies,
    }))
      if (isForeign(range))
        faults.push(`${path || "package.json"}: ${name} is ${range}, not of the registry`);
    if (path === "") return faults;
    if (entry.link) faults.push(`${path}: a link to a folder`);
    if (entry.resolved !== undefined && !entry.resolved.startsWith(REGISTRY))
      faults.push(`${path}: comes from ${entry.resolved}`);
    if (!entry.link && !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? ""))
      faults.push(`${path}: has no SHA-512`);
    if (entry.hasInstallScript && allowScripts[entry.name ?? nameOf(path)] === undefined)
      faults.push(`${path}: has an install script that allowScripts does not name`);
    return faults;
  });
}

/** Where package.json leaves a version open, lets a script run, or differs from its lock file; one line each. */
export function manifestFaults(manifest: Manifest, { packages }: Lock): string[] {
  const { allowScripts, ...kinds } = manifest;
  const faults = Object.entries(kinds).flatMap(([kind, versions]) =>
    Object.entries(versions)
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${kind}: ${name} is ${version}, no exact version`),
  );
  for (const [name, allowed] of Object.entries(allowScripts))
    if (allowed) faults.push(`allowScripts: ${name} may run a script at installation`);
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"] as const)
    for (const [name, version] of Object.entries(manifest[kind])) {
      if (packages[""]?.[kind][name] !== version)
        faults.push(`${name} ${version}: the lock file has another`);
      if (EXACT.test(version) && packages[`node_modules/${name}`]?.version !== version)
        faults.push(`${name} ${version}: would be installed in another version`);
    }
  return faults;
}

/** What a project's .npmrc must and must not contain; one line each. */
export function npmrcFaults(text: string): string[] {
  const entries = text.split("\n").flatMap((line) => {
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, value ?? ""] as const];
  });
  const faults = entries
    .filter(([key, value]) => (/(?:^|:)registry$/.test(key) && value !== REGISTRY) || key.startsWith("//"))
    .map(([key]) => `.npmrc: ${key} leads elsewhere, or is a credential`);
  const last = (name: string) => entries.findLast(([key]) => key === name)?.[1];
  if (last("ignore-scripts") !== "true") faults.push(".npmrc: ignore-scripts=true is missing");
  return faults;
}
