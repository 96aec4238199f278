import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Secrets of a local installation: created at the first start, then kept. */
const secretsSchema = z.object({
  signing_secret: z.string(),
  admin_key: z.string(),
  /** The development account and its key; null until the first start has created them. */
  account: z.object({ id: z.string(), api_key: z.string() }).nullable(),
});

export type Secrets = z.output<typeof secretsSchema>;

/** The folder with all local state, readable by this user only. */
export interface State {
  readonly folder: string;
  readonly logs: string;
  readonly secrets: Secrets;
  readonly secretsFile: string;
  saveAccount(account: NonNullable<Secrets["account"]>): void;
  /** Releases the folder for another start. */
  release(): void;
}

/** Another process uses the same folder. */
export class StateInUseError extends Error {
  override readonly name = "StateInUseError";
}

/**
 * Opens the folder and creates what is missing.
 * @throws StateInUseError if another start uses it
 */
export function openState(path: string): State {
  const folder = resolve(path);
  const logs = join(folder, "logs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(folder);
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { mode: 0o700 });
  const file = join(folder, "secrets.json");
  let secrets = readSecrets(file);
  if (secrets === null) {
    secrets = { signing_secret: newSecret(), admin_key: newSecret(), account: null };
    writePrivate(file, secrets);
  }
  return {
    folder,
    logs,
    secrets,
    secretsFile: file,
    saveAccount: (account) => writePrivate(file, { ...secrets, account }),
    release: () => rmSync(lock, { force: true }),
  };
}

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Writes JSON atomically, readable by this user only. */
export function writePrivate(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600); // a draft left behind by another start keeps its own mode
  renameSync(draft, file);
}

function readSecrets(file: string): Secrets | null {
  const text = readIfThere(file);
  return text === null ? null : secretsSchema.parse(JSON.parse(text));
}

function takeLock(folder: string): string {
  const lock = join(folder, "pid");
  const owner = Number(readIfThere(lock) ?? "");
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new StateInUseError(`${folder} is in use by process ${owner}`);
  }
  writeFileSync(lock, String(process.pid), { mode: 0o600 });
  return lock;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
