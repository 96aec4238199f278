// `npm run edit`: edits photos, on this machine without a server, or on a server with --api.
import { basename } from "node:path";
import type { RequestSettings } from "../../../shared/client/src/request.ts";
import { PRESETS } from "../../../shared/presets.ts";
import type { PictureFile } from "../region/request.ts";
import { complain, runCommand } from "./command.ts";
import { type EditCommand, type EditOptions, editCommand } from "./edit-command.ts";
import { outcomeLine, outcomeRecord } from "./edit-outcome.ts";
import { type EditSettings, editSettings, type Presets, presetIn } from "./edit-settings.ts";
import type { Edited, Editor } from "./editor.ts";
import { endsAll, failureOf } from "./failure.ts";
import { readPicture, writeAll } from "./files.ts";
import { gridImage } from "./grid.ts";
import { localPresets, openLocal } from "./local-editor.ts";
import { type Outputs, planOutputs } from "./outputs.ts";
import { findPhotos } from "./photos.ts";
import { type ProgressBar, progressBar } from "./progress-bar.ts";
import { openRemote, remotePresets, serverOf } from "./remote-editor.ts";

/** What all photos of a command share. */
interface Run {
  readonly editor: Editor;
  /** Whether each photo has several edits. */
  readonly again: boolean;
  readonly mask: PictureFile | undefined;
  readonly signal: AbortSignal;
}

async function edit({ named, prompt, options }: EditCommand): Promise<void> {
  const server = options.api === undefined ? null : serverOf(options.api, process.env.FLUX_API_KEY);
  const presets = await presetsFor(options, server);
  const variants = [prompt, ...options.also].map((words) => editSettings(words, options, presets));
  const photos = await findPhotos(named);
  const plans = await planOutputs(photos, options, variants.length);
  const edits = photos.flatMap((photo) => variants.map((settings) => ({ photo, settings })));
  const mask = options.mask === undefined ? undefined : await readPicture(options.mask);

  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const editor = server === null ? await openLocal(options.model) : openRemote(server);
  try {
    const run: Run = { editor, again: variants.length > 1, mask, signal: cancel.signal };
    for (const [i, { photo, settings }] of edits.entries()) {
      const several = edits.length > 1;
      const bar = progressBar(several ? `${i + 1}/${edits.length} ${basename(photo)} · ` : "");
      const outputs = plans[i] as Outputs;
      try {
        const edited = await editPhoto(run, { photo, settings }, outputs, bar);
        bar.stop();
        say(
          options.json
            ? JSON.stringify(outcomeRecord({ photo, prompt: settings.prompt }, outputs, edited))
            : outcomeLine(outputs, edited),
        );
      } catch (error) {
        bar.stop();
        const failure = failureOf(error);
        if (options.json)
          say(JSON.stringify(outcomeRecord({ photo, prompt: settings.prompt }, outputs, failure)));
        if (!several || endsAll(failure)) throw error;
        complain(error, photo);
      }
    }
  } finally {
    await editor.close();
  }
}

/** The schedules that options start from. A server is asked only if they change one: else it gets the name. */
async function presetsFor(options: EditOptions, server: RequestSettings | null): Promise<Presets> {
  if (server === null) return localPresets(options.model);
  return presetIn(options) === null ? remotePresets(server) : PRESETS;
}

/** Edits one photo and writes its files, all or none. */
async function editPhoto(
  { editor, again, mask, signal }: Run,
  { photo, settings }: { readonly photo: string; readonly settings: EditSettings },
  outputs: Outputs,
  bar: ProgressBar,
): Promise<Edited> {
  const { format } = outputs;
  const order = { photo: await readPicture(photo), settings, format, again, ...(mask && { mask }) };
  const edited = await editor.edit(order, { signal, onAdvance: bar.update });
  const files = new Map([[outputs.image, edited.image]]);
  if (outputs.mask !== null) files.set(outputs.mask, edited.mask);
  if (outputs.grid !== null) files.set(outputs.grid, await gridImage(await edited.panels()));
  await writeAll(files);
  return edited;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

await runCommand(editCommand(edit));
