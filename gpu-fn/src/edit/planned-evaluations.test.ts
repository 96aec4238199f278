// Every solver, value path and inversion makes the evaluations that a schedule plans: what an edit costs is known before.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plannedEvaluations } from "../../../shared/presets.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { SOLVERS } from "../../../shared/solvers.ts";
import type { Model } from "../model/model.ts";
import { openModel } from "../model/model.ts";
import { writeScaledModel } from "../weights/scaled-model.fixture.ts";
import { type Change, drawn, edit, furthest, portrait } from "./window.fixture.ts";

const SIDE = 64;
const root = mkdtempSync(join(tmpdir(), "flux-evaluations-"));

let model: Model;
let request: Pick<Change, "photo" | "mask">;

beforeAll(async () => {
  model = await openModel(await writeScaledModel(root, "bfl"));
  request = {
    photo: { bytes: await sharp(portrait).resize(SIDE, SIDE).png().toBuffer() },
    mask: await drawn({ left: 12, top: 20, width: 40, height: 16 }, SIDE, SIDE),
  };
});
afterAll(async () => {
  await model.release();
  rmSync(root, { recursive: true });
});

const PLANS = SOLVERS.flatMap((solver) =>
  (["cache", "paired", "background"] as const).flatMap((value_path) =>
    (["rf", "none"] as const).map((inversion) => ({ solver, value_path, inversion })),
  ),
);

test.each(PLANS)("$solver, V $value_path, inversion $inversion", async ({ solver, ...ablation }) => {
  for (const [structuring_steps, method] of [
    [0, "distilled"],
    [1, "true"],
  ] as const) {
    const guidance = { edit: 2, method };
    const schedule = scheduleSchema.parse({
      steps: 3,
      inversion_steps: 2,
      structuring_steps,
      solver,
      guidance,
    });
    const { evaluations, decoded } = await edit(model, { ...request, schedule, ablation });
    expect(evaluations).toBe(plannedEvaluations(schedule, ablation));
    const plain = await edit(model, { ...request, schedule, ablation: { ...ablation, value_fusion: false } });
    expect(furthest(decoded, plain.decoded)).toBeGreaterThan(0);
  }
});
