// `npm run bench:edits`: edits of held-out portraits, judged against their true counterfactuals.
import { join } from "node:path";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { runCommand } from "../../src/cli/command.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { openModel } from "../../src/model/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { SCRATCH } from "../kit/photo-teachers.ts";
import { compareOnRenders } from "./compare.ts";
import { compareOnPhotos } from "./counterfactuals/compare.ts";
import type { ScheduleFor } from "./editors.ts";
import { openJudge } from "./judge.ts";
import { benchOnPhotos } from "./on-photos.ts";
import { type BenchOptions, benchCommand } from "./options.ts";
import { openOutput } from "./output.ts";
import { renders } from "./renders.ts";
import { STUDIES } from "./studies/studies.ts";

async function bench(options: BenchOptions): Promise<void> {
  const { seed, perAttribute, threads, photos, labels } = options;
  const schedule: ScheduleFor = (_attribute, structuringSteps = options.structuring) =>
    scheduleSchema.parse({
      steps: options.steps,
      structuring_steps: structuringSteps,
      guidance: { edit: options.guidance, method: options.method },
    });
  const manifest = await readManifest(options.model);
  const model = await openModel(manifest, threads === undefined ? {} : { threads });
  const facts = {
    model: { id: manifest.id, version: manifest.version },
    seed,
    per_attribute: perAttribute,
    schedule: schedule(""),
    guidance: { ...manifest.defaults.guidance, ...(options.guidance && { edit: options.guidance }) },
  };
  // no photo enters the repository
  const sheets = photos === undefined ? undefined : join(SCRATCH, "sheets");
  const output = openOutput(options.out, manifest.resolution, facts, sheets);
  const study = STUDIES.find(({ name }) => name === options.table);
  try {
    if (photos !== undefined && labels !== undefined)
      await benchOnPhotos(model, { ...options, photos, labels }, schedule, output);
    else if (photos !== undefined)
      await compareOnPhotos(model, { ...options, photos }, schedule, output, study);
    else if (study === undefined) await compareOnRenders(model, options, schedule, output);
    else {
      const { expect, tick } = output;
      const judge = await openJudge("drawings");
      const subjects = renders(model, { judge }, seed);
      const report = await study.run({ model, judge, subjects, seed, perAttribute, schedule, expect, tick });
      await output.study(report, { study: study.name, renderer: RENDERER_VERSION });
    }
  } finally {
    output.stop();
    await model.release();
  }
}

await runCommand(benchCommand(bench));
