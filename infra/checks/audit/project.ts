import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../gpu-fn/src/errors.ts";
import { type Exceptions, exceptionsSchema } from "./advisories.ts";
import { licenceFaults, licencesSchema, runtimeLicences } from "./licences.ts";
import { lockFaults, lockSchema, manifestFaults, manifestSchema, npmrcFaults } from "./lock.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** A JSON file of the project. @throws InputError with the file, and what is wrong in it */
function read<T extends z.ZodType>(file: string, schema: T): z.output<T> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(join(ROOT, file), "utf8")));
  if (parsed.success) return parsed.data;
  const [line = ""] = z.prettifyError(parsed.error).split("\n\n");
  throw new InputError("option_invalid", `${file}: ${line.replaceAll(/\s+/g, " ")}`);
}

export const readExceptions = (): Exceptions => read("infra/checks/audit/exceptions.json", exceptionsSchema);

/** The `license` of an installed package; undefined if nothing is installed at the path, null if it names none. */
function installedLicence(path: string): string | null | undefined {
  const file = join(ROOT, path, "package.json");
  if (!existsSync(file)) return undefined;
  const { license } = z
    .object({ license: z.string().nullish() })
    .parse(JSON.parse(readFileSync(file, "utf8")));
  return license ?? null;
}

export interface Checked {
  readonly name: string;
  /** Number of items checked. */
  readonly count: number;
  readonly of: string;
  /** One line each. */
  readonly faults: readonly string[];
}

/** The checks without a registry: origin of packages, their install scripts, and their licences. */
export function checkProject(): Checked[] {
  const lock = read("package-lock.json", lockSchema);
  const manifest = read("package.json", manifestSchema);
  const licences = read("infra/checks/audit/licences.json", licencesSchema);
  const runtime = runtimeLicences(lock, licences.bundled, installedLicence);
  const sources = [
    ...npmrcFaults(readFileSync(join(ROOT, ".npmrc"), "utf8")),
    ...manifestFaults(manifest, lock),
    ...lockFaults(lock, manifest),
  ];
  const entries = Object.keys(lock.packages).length - 1;
  return [
    {
      name: "lock file",
      count: entries,
      of: "packages, from the npm registry, each with its hash",
      faults: sources,
    },
    {
      name: "licences",
      count: runtime.length,
      of: "packages that run or are served",
      faults: licenceFaults(runtime, licences),
    },
  ];
}
