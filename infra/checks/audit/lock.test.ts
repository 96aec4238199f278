import { expect, test } from "vitest";
import { lockFaults, lockSchema, manifestFaults, manifestSchema, npmrcFaults } from "./lock.ts";
import { checkProject } from "./project.ts";

test.each(checkProject())("this project: $name", ({ count, faults }) => {
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(50);
});

const INTEGRITY = `sha512-${"A".repeat(86)}==`;

const lockOf = (entry: object, root: object = {}) =>
  lockSchema.parse({
    lockfileVersion: 3,
    packages: { "": root, "node_modules/@a/b": { version: "1.2.3", integrity: INTEGRITY, ...entry } },
  });

const manifest = (value: object = {}) => manifestSchema.parse(value);

test.each([
  [{ resolved: "git+ssh://git@github.com/a/b.git#0123" }, "comes from git+ssh:"],
  [{ resolved: "http://registry.npmjs.org/@a/b/-/b-1.2.3.tgz" }, "comes from http:"],
  [{ resolved: "https://registry.npmjs.org.example/b.tgz" }, "comes from https:"],
  [{ resolved: "file:../b" }, "comes from file:"],
  [{ integrity: undefined }, "has no SHA-512"],
  [{ integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }, "has no SHA-512"],
  [{ link: true, integrity: undefined }, "a link to a folder"],
  [{ hasInstallScript: true }, "has an install script"],
  [{ dependencies: { c: "github:x/c" } }, "c is github:x/c"],
  [{ optionalDependencies: { c: "x/c" } }, "c is x/c"],
  [{ peerDependencies: { c: "https://example.com/c.tgz" } }, "c is https:"],
])("an entry with %o is found", (entry, fault) => {
  const [found, ...more] = lockFaults(lockOf(entry), manifest());
  expect(found).toContain(`node_modules/@a/b: ${fault}`);
  expect(more).toEqual([]);
});

test("packages from the registry pass, by whatever range", () => {
  const ranges = { c: "^1.0.0 || >=2 <3", d: "npm:@x/d@^1", e: "*", f: "latest" };
  const entry = { resolved: "https://registry.npmjs.org/@a/b/-/b-1.2.3.tgz", dependencies: ranges };
  expect(lockFaults(lockOf(entry), manifest())).toEqual([]);
  expect(
    lockFaults(lockOf({ hasInstallScript: true }), manifest({ allowScripts: { "@a/b": false } })),
  ).toEqual([]);
});

test("package.json names exact versions, lets no script run, and agrees with its lock file", () => {
  const root = { dependencies: { "@a/b": "1.2.3" } };
  expect(manifestFaults(manifest(root), lockOf({}, root))).toEqual([]);
  const faultsOf = (value: object) => manifestFaults(manifest(value), lockOf({}, root));
  for (const open of ["^1.2.3", "1.x", "latest", "*", "git+https://example.com/b.git", "1.2.3 || 2.0.0"])
    expect(faultsOf({ dependencies: { "@a/b": open } })[0]).toContain("no exact version");
  expect(faultsOf({ overrides: { c: "~1.0.0" } })).toEqual(["overrides: c is ~1.0.0, no exact version"]);
  expect(faultsOf({ ...root, allowScripts: { c: true } })).toHaveLength(1);
  expect(faultsOf({ dependencies: { "@a/b": "1.2.4" } })).toEqual([
    "@a/b 1.2.4: the lock file has another",
    "@a/b 1.2.4: would be installed in another version",
  ]);
});

test("npm's settings run no scripts and allow one registry", () => {
  expect(npmrcFaults("ignore-scripts=true\nfund=false\n")).toEqual([]);
  expect(npmrcFaults("ignore-scripts = true\nregistry = https://registry.npmjs.org/\n")).toEqual([]);
  expect(npmrcFaults("fund=false\n")).toHaveLength(1);
  expect(npmrcFaults("ignore-scripts=true\nignore-scripts=false")).toHaveLength(1);
  for (const line of [
    "registry=https://example.com/",
    "@a:registry=https://example.com/",
    "//registry.npmjs.org/:_authToken=x",
  ])
    expect(npmrcFaults(`ignore-scripts=true\n${line}`), line).toHaveLength(1);
});
