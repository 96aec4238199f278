import { expect, test } from "vitest";
import { licenceFaults, licencesSchema, runtimeLicences } from "./licences.ts";
import { lockSchema } from "./lock.ts";

const rules = (exceptions: object[] = [], bundled: string[] = []) =>
  licencesSchema.parse({ allowed: ["MIT", "Apache-2.0", "ISC"], bundled, exceptions });

const faultsOf = (licence: string | null, ...args: Parameters<typeof rules>) =>
  licenceFaults([{ path: "node_modules/a/node_modules/@b/c", licence }], rules(...args));

test.each(["MIT", "(MIT OR GPL-3.0-only)", "Apache-2.0 AND MIT", "(ISC)"])("%s can be met", (licence) => {
  expect(faultsOf(licence)).toEqual([]);
});

test.each([
  ["GPL-3.0-only", "@b/c: GPL-3.0-only is not allowed"],
  ["Apache-2.0 AND LGPL-3.0-or-later", "@b/c: Apache-2.0 AND LGPL-3.0-or-later is not allowed"],
  ["UNLICENSED", '@b/c: "UNLICENSED" is no SPDX expression'],
  ["SEE LICENSE IN eula.txt", '@b/c: "SEE LICENSE IN eula.txt" is no SPDX expression'],
  [null, "@b/c: has no licence, or is not installed"],
])("%s is found", (licence, fault) => {
  expect(faultsOf(licence)).toEqual([fault]);
});

test("an exception is for a package and its licence, and fails once it is not needed", () => {
  const exception = {
    packages: ["@b/c"],
    licence: "LGPL-3.0-or-later",
    reason: "a library of its own, unmodified",
  };
  expect(faultsOf("LGPL-3.0-or-later", [exception])).toEqual([]);
  expect(faultsOf("GPL-3.0-only", [exception])).toEqual([
    "@b/c: GPL-3.0-only is not allowed",
    "@b/c: the exception for its licence is not needed",
  ]);
  expect(faultsOf("MIT", [], ["preact"])).toEqual(["preact: is named as bundled and is not there"]);
});

test("packages that run or are served count; for other platforms the lock file decides", () => {
  const lock = lockSchema.parse({
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/run": { license: "GPL-3.0-only" },
      "node_modules/served": { dev: true },
      "node_modules/tool": { dev: true },
      "node_modules/mac": { optional: true, license: "Apache-2.0" },
      "node_modules/gone": { license: "MIT" },
    },
  });
  const installed: Record<string, string> = { "node_modules/run": "MIT", "node_modules/served": "ISC" };
  expect(runtimeLicences(lock, ["served"], (path) => installed[path])).toEqual([
    { path: "node_modules/run", licence: "MIT" },
    { path: "node_modules/served", licence: "ISC" },
    { path: "node_modules/mac", licence: "Apache-2.0" },
    { path: "node_modules/gone", licence: null },
  ]);
});
