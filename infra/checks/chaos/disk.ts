import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A separate disk for a folder: a small tmpfs, which needs a mount namespace in which this process may mount. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  /** @throws Error if nothing may be mounted here */
  constructor(folder: string, mib: number) {
    mkdirSync(folder, { recursive: true });
    mount(folder, mib);
    this.folder = folder;
    this.#filler = join(folder, "filler");
  }

  /** Writes until the system reports that the disk is full. */
  fill(): void {
    const file = openSync(this.#filler, "a");
    try {
      for (const size of [65_536, 4_096, 1]) fillWith(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  /** Frees the space again. */
  free(): void {
    rmSync(this.#filler, { force: true });
  }

  remove(): void {
    spawnSync("umount", [this.folder]);
  }
}

function fillWith(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return;
    throw error;
  }
}

function mount(folder: string, mib: number): void {
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "none", folder]);
  if (status !== 0) throw new Error(`no disk can be mounted on ${folder}: ${stderr}`);
}
