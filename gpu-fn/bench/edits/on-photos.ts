/** The benchmark on a folder of labelled photos. */
import type { Model } from "../../src/model/model.ts";
import type { ScheduleFor } from "./editors.ts";
import { exportCases } from "./export.ts";
import type { BenchOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { photoAttributesOf } from "./photos/attributes.ts";
import { photoBench } from "./photos/bench.ts";
import { openedPhotos, selectPhotos } from "./photos/selection.ts";

export async function benchOnPhotos(
  model: Model,
  options: BenchOptions & { readonly photos: string; readonly labels: string },
  scheduleFor: ScheduleFor,
  output: Output,
): Promise<void> {
  const { masks, landmarks, classifier, threads, results } = options;
  const selection = {
    photos: options.photos,
    labels: options.labels,
    attributes: photoAttributesOf(options.attributes),
    first: options.seed,
    perAttribute: options.perAttribute,
    ...(masks !== undefined && { masks }),
    ...(landmarks !== undefined && { landmarks }),
  };
  const { resolution } = model.manifest;
  if (options.export !== undefined) {
    const opened = openedPhotos(await selectPhotos(selection), resolution);
    const count = await exportCases(options.export, opened, resolution);
    return output.print(`${count} cases in ${options.export}`);
  }
  const report = await photoBench(model, {
    ...selection,
    ...(classifier !== undefined && { classifier }),
    ...(threads !== undefined && { threads }),
    perceptual: options,
    results,
    edit: true,
    schedule: scheduleFor,
    expect: output.expect,
    tick: output.tick,
  });
  await output.study(report, { study: "photos" });
}
