// `npm run edit`: one edit without a server.
import { basename, dirname, extname, join, relative } from "node:path";
import { CommanderError } from "commander";
import { openEngine } from "../engine.ts";
import { CanceledError, InputError, WeightsError } from "../errors.ts";
import { encodeGrey, encodePhoto } from "../image/encode.ts";
import type { EditRequest } from "../request.ts";
import { checkWritable, formatOf, readPicture, writeAll } from "./files.ts";
import { gridImage } from "./grid.ts";
import { type EditCommand, editCommand, parseEdit } from "./options.ts";
import { progressBar } from "./progress.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

async function edit(command: EditCommand): Promise<void> {
  const { photo, options } = command;
  const words = parseEdit(command);
  const out = options.out ?? join(dirname(photo), `${basename(photo, extname(photo))}.edited.png`);
  const format = formatOf(out);
  for (const path of [options.maskOut, options.grid])
    if (path !== undefined && formatOf(path) !== "png")
      throw new InputError("output_unwritable", `${path}: masks and grids are written as .png`);
  const outputs = [out, options.maskOut, options.grid].filter((path) => path !== undefined);
  if (new Set(outputs).size < outputs.length)
    throw new InputError("output_unwritable", "two outputs have the same name");
  for (const path of outputs) await checkWritable(path);

  const request: EditRequest = {
    ...words,
    photo: await readPicture(photo),
    ...(options.mask === undefined ? {} : { mask: await readPicture(options.mask) }),
  };

  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const bar = progressBar();
  const engine = await openEngine(options.model ?? MINI);
  try {
    const result = await engine.edit(request, { signal: cancel.signal, onProgress: bar.update });
    bar.stop();
    const files = new Map([[out, await encodePhoto(result.edited, format)]]);
    if (options.maskOut !== undefined)
      files.set(options.maskOut, await encodeGrey(result.mask, result.source.width, result.source.height));
    if (options.grid !== undefined) files.set(options.grid, await gridImage(result));
    await writeAll(files);
    const seconds = Object.values(result.timings).reduce((sum, ms) => sum + ms, 0) / 1000;
    const share = (100 * result.coverage).toFixed(0);
    process.stdout.write(
      `${relative("", out) || out}: ${share} % of the square edited, ` +
        `${result.evaluations} evaluations, ${seconds.toFixed(1)} s\n`,
    );
  } finally {
    bar.stop();
    await engine.close();
  }
}

/** One line on stderr and an exit code; a stack trace only for a fault of ours, and only when DEBUG is set. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  process.stderr.write(`error: ${message}\n`);
  if (error instanceof InputError) return 2;
  if (error instanceof WeightsError) return 3;
  if (error instanceof CanceledError) return 130;
  if (process.env.DEBUG) console.error(error);
  return 1;
}

try {
  await editCommand(edit).parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
