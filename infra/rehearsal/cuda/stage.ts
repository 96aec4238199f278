/** Runs scenes: separate processes, each with a fresh GPU. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EditResult } from "../../../gpu-fn/src/edit/request.ts";
import { type Counts, Ledger } from "./ledger.ts";
import type { Stage } from "./prepare.ts";

/** An edit of a photo of that size, with a square mask in its middle. */
export interface PlayedEdit {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Side of the mask's square. */
  readonly box: number;
  /** m; default: the model's. */
  readonly valueBlocks?: number;
  /** Whether it asks for its mask's tokens alone to be computed. */
  readonly background?: boolean;
}

export interface Scene {
  /** Path of a manifest. */
  readonly manifest: string;
  /** Memory of the GPU, in GiB. */
  readonly gpuGib: number;
  readonly edits: readonly PlayedEdit[];
}

/** Counts between two marks. */
export interface Mark extends Counts {
  readonly name: string;
  readonly ms: number;
  readonly evaluations: number;
  /** Image tokens of an evaluation of the edit pass; absent where there was none. */
  readonly tokens?: EditResult["tokens"];
  /** The process's memory at the mark. */
  readonly hostBytes: number;
}

export interface Played {
  readonly marks: readonly Mark[];
  /** The process's exit status, and its standard error. */
  readonly status: number | null;
  readonly stderr: string;
}

let scenes = 0;

/**
 * @param script a scene's script in this folder
 * @param reserved bytes of GPU memory for driver and libraries, which take none here
 */
export async function play(
  stage: Stage,
  scene: Scene,
  reserved: number,
  script = "scene.ts",
): Promise<Played> {
  const ledger = join(stage.folder, `ledger-${process.pid}-${scenes++}`);
  Ledger.create(ledger);
  const child = spawn(process.execPath, [join("infra/rehearsal/cuda", script), JSON.stringify(scene)], {
    cwd: stage.tree,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      LD_LIBRARY_PATH: stage.libraries,
      REHEARSAL_LEDGER: ledger,
      REHEARSAL_GIB: String(scene.gpuGib - reserved / 2 ** 30),
    },
  });
  const marks: Mark[] = [];
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  createInterface({ input: child.stdout }).on("line", (line) => marks.push(JSON.parse(line)));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { marks, status, stderr };
}
