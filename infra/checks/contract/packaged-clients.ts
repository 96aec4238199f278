// The project's own clients, packed and installed as a developer would.
import { cpSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { type Check, fresh, PIP, ROOT, SCRIPTS, type Tools, typesOf } from "./workshop.ts";

/** Maximum size of the packed client, its types and README included. */
const PACKAGE_BYTES_MAX = 15_000;

export function packagedClients(tools: Tools): Check[] {
  const { at, run, py, sample } = tools;
  return [
    {
      name: "the npm package: packed, installed in an empty project, checked and run",
      run: () => {
        const project = fresh(at("empty-npm"));
        writeFileSync(join(project, "package.json"), '{"type":"module","private":true}');
        run(join(ROOT, "shared/client"), "npm", [
          "pack",
          "--ignore-scripts=false",
          "--pack-destination",
          project,
        ]);
        const [tarball = ""] = globSync("*.tgz", { cwd: project });
        const { size } = statSync(join(project, tarball));
        if (size > PACKAGE_BYTES_MAX) throw new Error(`the package has ${size} bytes`);
        run(project, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `./${tarball}`]);
        cpSync(join(SCRIPTS, "package-user.ts"), join(project, "user.ts"));
        typesOf(tools, join(project, "user.ts"));
        run(project, process.execPath, ["user.ts"]);
      },
      rows: () => [
        {
          client: "TypeScript, [flux-sculptor-client](../../shared/client/README.md)",
          lines: sample("TypeScript"),
          how: "packed by `npm pack`, installed in an empty project, type-checked, run; no dependency",
        },
      ],
    },
    {
      name: "the Python wheel: built, installed in an empty folder and run, with and without asyncio",
      run: () => {
        const project = fresh(at("empty-python"));
        const source = join(ROOT, "shared/client-python");
        const build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", project];
        py(at(), [...PIP, ...build, source]);
        const [wheel = ""] = globSync("*.whl", { cwd: project, absolute: true });
        py(at(), [...PIP, "install", "--no-deps", "--target", join(project, "packages"), wheel]);
        py(project, [at("wheel_user.py")], join(project, "packages"));
      },
      rows: () => [
        {
          client: "Python, [flux-sculptor-client](../../shared/client-python/README.md)",
          lines: sample("Python"),
          how: "built as a wheel, installed in an empty folder, run with and without asyncio",
        },
      ],
    },
  ];
}
