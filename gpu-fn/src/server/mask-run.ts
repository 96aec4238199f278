import type { MaskTask, Written } from "../../../shared/gpu.ts";
import { encodeGrey } from "../image/encode.ts";
import { coverageOf } from "../image/grey.ts";
import type { Grey } from "../image/picture.ts";
import { refuse } from "../moderation/error.ts";
import type { Moderator } from "../moderation/moderator.ts";
import type { FoundRegion } from "../region/request.ts";
import type { LoadedModel } from "./model-host.ts";
import type { Run } from "./run.ts";
import { readPicture, writePicture } from "./transfers.ts";

/** Locates the region, and writes the finished mask and the located one. @throws as `runEdit` */
export async function runMask(
  { engine }: LoadedModel,
  task: MaskTask,
  run: Run,
  moderator: Moderator,
): Promise<void> {
  const { signal } = run;
  run.emit({ event: "started" });
  refuse(await moderator.prompts(task.locate));
  const bytes = await readPicture(task.photo, "the photo", signal);
  const found = await engine.locate(
    {
      photo: { bytes },
      locate: task.locate,
      maskOptions: task.mask_options,
      ...(task.face !== undefined && { face: task.face }),
    },
    { signal },
  );
  const [mask, located] = await Promise.all([
    writeGrey(task.put.mask, found.mask, signal),
    found.located && writeGrey(task.put.located, found.located, signal),
  ]);
  run.end({ event: "mask", source: "pasl", mask, located, ...(await factsOf(found)) });
}

/** What a mask's event contains besides the written objects. */
export async function factsOf({ coverage, regions, faces, fusion: { mask, part } }: FoundRegion) {
  const png = await encodeGrey(mask.data, mask.width, mask.height);
  return {
    coverage,
    regions: [...regions],
    faces: [...faces],
    fusion: {
      rows: mask.height,
      columns: mask.width,
      coverage: coverageOf(mask),
      part: { ...part, roll: part.roll ?? 0 },
      png: Buffer.from(png).toString("base64"),
    },
  };
}

/** Writes a mask as 8-bit grey PNG. */
export async function writeGrey(
  target: MaskTask["put"]["mask"],
  { data, width, height }: Grey,
  signal: AbortSignal,
): Promise<Written> {
  const bytes = await encodeGrey(data, width, height);
  return writePicture(target, { bytes, width, height, contentType: "image/png" }, signal);
}
