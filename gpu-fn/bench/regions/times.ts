/** Times of finding a face, each of the regions, and of the edit that needs both; they alternate, photo by photo. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { presetsOf } from "../../../shared/presets.ts";
import { REGIONS } from "../../../shared/regions.ts";
import { editPortrait } from "../../src/edit/edit.ts";
import { InputError } from "../../src/errors.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { openModel } from "../../src/model/model.ts";
import { findRegion } from "../../src/region/locate.ts";
import { seePhoto } from "../../src/region/seen-photo.ts";
import { markdown } from "../kit/markdown.ts";
import { splitOf } from "../kit/photo-teachers.ts";
import { spreadOf } from "../kit/spread.ts";
import { wordingOf } from "./words.ts";

const splitSchema = z.object({ images: z.array(z.object({ file: z.string(), split: z.string() })) });

/** Of the edit. */
const PROMPT = "a person wearing glasses";

/** Milliseconds of wall time, and of processor time over all threads. */
interface Took {
  readonly clock: number[];
  readonly processor: number[];
}

async function timed<T>({ clock, processor }: Took, work: () => Promise<T>): Promise<T> {
  const [since, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  clock.push(performance.now() - since);
  processor.push((user + system) / 1000);
  return value;
}

/**
 * Prints medians over the first photos of a split in which a face is found; the first only warms up.
 * @param part a folder and the part of its split, as of `bench:regions`
 */
export async function timeRegions(part: string, photos: number, path: string): Promise<void> {
  const { folder, name } = splitOf(part);
  const { images } = splitSchema.parse(JSON.parse(await readFile(join(folder, "split.json"), "utf8")));
  const files = images.filter(({ split }) => split === name).map(({ file }) => file);
  const model = await openModel(await readManifest(path));
  const { fast } = presetsOf(model.manifest.schedule.fast_steps);
  const took = (): Took => ({ clock: [], processor: [] });
  const [face, region, edit] = [took(), took(), took()];
  try {
    for (let i = 0, done = 0; done <= photos; i++) {
      const file = files[i];
      if (file === undefined) throw new InputError("option_invalid", `${part} has ${i} photos`);
      const bytes = await readFile(join(folder, "images", file));
      const request = { photo: { bytes }, maskOptions: maskOptionsSchema.parse({}) };
      const seen = await seePhoto(model, request).catch(() => null);
      if (seen === null) continue;
      const asked = {
        ...request,
        prompt: PROMPT,
        sourcePrompt: "a person.",
        composite: "paste-back",
      } as const;
      await timed(face, () => model.findFaces(seen.photo));
      // each as if it were the photo's first
      for (const index of REGIONS.keys())
        await timed(region, () =>
          findRegion(model, { ...request, locate: [wordingOf(index, "train", i)] }, seen),
        );
      await timed(edit, () => editPortrait(model, { ...asked, schedule: fast }));
      if (done++ === 0)
        for (const { clock, processor } of [face, region, edit]) clock.length = processor.length = 0;
    }
  } finally {
    await model.release();
  }
  const median = (values: readonly number[]) => spreadOf(values)?.median ?? Number.NaN;
  const ms = (value: number) => value.toFixed(0);
  const rows = Object.entries({ face, region, "fast edit, with both": edit }).map(
    ([name, { clock, processor }]) => [name, ms(median(clock)), ms(median(processor))],
  );
  const faceOf = (i: number, of: keyof Took) => face[of][Math.floor(i / REGIONS.length)] as number;
  const sum = (of: keyof Took) => median(region[of].map((value, i) => value + faceOf(i, of)));
  const share = (100 * sum("processor")) / median(edit.processor);
  rows.push(["face and region", ms(sum("clock")), ms(sum("processor"))]);
  process.stdout.write(`${markdown(["", "ms, median", "of processor"], rows)}\n`);
  process.stdout.write(`face and region are ${share.toFixed(1)} % of the fast edit's processor time\n`);
}
