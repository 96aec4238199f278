/** Downloads all files of a model from the hub into a folder that the engine can run it from. */
import { createReadStream } from "node:fs";
import { copyFile, mkdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { WeightsError } from "../errors.ts";
import type { Layout } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { download, hashOf } from "./download.ts";
import { extractTensors } from "./extract.ts";
import { type HubAccess, type RemoteFile, remoteFile } from "./hub.ts";
import { isKnown, readRecord, withFile, writeRecord } from "./record.ts";
import { type WantedFile, wantedFiles } from "./sources.ts";
import { partBytes } from "./unfinished.ts";

export interface FetchOptions extends HubAccess {
  readonly layout?: Layout;
  /** Called once per folder for terms that must be agreed to. */
  readonly agree: (terms: NonNullable<Manifest["terms"]>) => Promise<boolean>;
  /** Called before the first transfer with the total bytes and those already there. */
  readonly onTotal?: (total: number, there: number) => void;
  readonly onFile?: (local: string) => void;
  readonly onBytes?: (bytes: number) => void;
  /** Free bytes of the folder's disk; default: what the system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly pauseMs?: number;
}

export interface Fetched {
  readonly manifest: string;
  readonly downloaded: readonly string[];
  /** Files that were already there and correct. */
  readonly kept: readonly string[];
}

/** Bytes that must stay free on the disk. */
const SPARE = 2 ** 28;

interface Task {
  readonly file: WantedFile;
  readonly remote: RemoteFile;
  /** The digest under which the file is recorded. */
  readonly digest: string;
  /** Bytes of the unfinished file that are already on disk. */
  readonly there: number;
}

/**
 * Downloads what is missing, checks what is there, and copies the manifest beside it.
 * @param source the manifest's own path, which is copied
 * @throws WeightsError, one line, for terms not agreed to, refusals, wrong bytes or too small a disk
 */
export async function fetchWeights(
  manifest: Manifest,
  source: string,
  folder: string,
  options: FetchOptions,
): Promise<Fetched> {
  const files = wantedFiles(manifest, options.layout ?? "bfl");
  await mkdir(folder, { recursive: true });
  await agreeOnce(manifest, folder, options);
  const kept: string[] = [];
  const missing: Task[] = [];
  for (const file of files) {
    const remote = await remoteFile(file, options);
    const digest = [remote.digest.hex, ...(file.tensors ?? [])].join(" ");
    if (await isRight(file, remote, digest, folder)) kept.push(file.local);
    else missing.push({ file, remote, digest, there: await partBytes(join(folder, file.local)) });
  }
  await checkSpace(missing, folder, options);
  const sizes = missing.filter(({ file }) => !file.tensors);
  options.onTotal?.(sum(sizes.map(({ remote }) => remote.size)), sum(sizes.map(({ there }) => there)));
  for (const { file, remote, digest } of missing) {
    options.onFile?.(file.local);
    const path = join(folder, file.local);
    if (file.tensors) await extractTensors(file, file.tensors, path, options);
    else await download(file, path, remote, options);
    await writeRecord(folder, await withFile(folder, file.local, digest, await readRecord(folder)));
  }
  const path = join(folder, "manifest.json");
  if (path !== source) await copyFile(source, path);
  return { manifest: path, downloaded: missing.map(({ file }) => file.local), kept };
}

async function agreeOnce({ terms }: Manifest, folder: string, { agree }: FetchOptions): Promise<void> {
  if (!terms?.accept) return;
  const record = await readRecord(folder);
  if (record.terms[terms.name] !== undefined) return;
  if (!(await agree(terms)))
    throw new WeightsError(`${terms.name}: nothing is downloaded before it is agreed to (--accept-licence)`);
  await writeRecord(folder, {
    ...record,
    terms: { ...record.terms, [terms.name]: new Date().toISOString() },
  });
}

/** Whether a file is correct: recorded as such and unchanged since, or checked by hashing it once. */
async function isRight(
  { local, tensors }: WantedFile,
  { size, digest }: RemoteFile,
  known: string,
  folder: string,
): Promise<boolean> {
  const record = await readRecord(folder);
  if (await isKnown(folder, local, known, record)) return true;
  const path = join(folder, local);
  const status = await stat(path).catch(() => null);
  if (tensors || status?.size !== size) return false;
  const hash = hashOf(digest, size);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  if (hash.digest("hex") !== digest.hex) return false;
  await writeRecord(folder, await withFile(folder, local, known, record));
  return true;
}

async function checkSpace(missing: readonly Task[], folder: string, options: FetchOptions): Promise<void> {
  const whole = missing.filter(({ file }) => !file.tensors);
  const needed = sum(whole.map(({ remote, there }) => Math.max(remote.size - there, 0)));
  const free = await (options.freeBytes ?? freeBytes)(folder);
  if (needed > 0 && needed + SPARE > free)
    throw new WeightsError(`${gb(needed)} are to be downloaded to ${folder}, where ${gb(free)} are free`);
}

/** Free bytes of a folder's disk. Network volumes may report 0 although they are not full. */
export async function freeBytes(folder: string, look: typeof statfs = statfs): Promise<number> {
  const { bavail, bsize } = await look(folder);
  return bavail * bsize || Number.POSITIVE_INFINITY;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
