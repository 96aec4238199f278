/** The checks for each kind of case, and their tolerance (largest absolute difference). */
import type { ParityCase } from "./case.ts";
import { checkAutoencoderBfl, checkAutoencoderDiffusers } from "./check-autoencoder.ts";
import { checkBackground } from "./check-background.ts";
import { checkClip } from "./check-clip.ts";
import { checkFluxBfl, checkFluxDiffusers } from "./check-flux.ts";
import { checkPacking } from "./check-packing.ts";
import { checkPasl, PASL_TRAINING_OUTPUTS } from "./check-pasl.ts";
import { checkSchedules } from "./check-schedule.ts";
import { checkSculpting } from "./check-sculpting.ts";
import { checkSolver } from "./check-solver.ts";
import { checkT5 } from "./check-t5.ts";

export interface Check {
  readonly run: (parity: ParityCase) => Promise<void>;
  readonly tolerance: number;
  /** Outputs that other code is checked against. */
  readonly others?: RegExp;
}

export const CHECKS: Readonly<Record<string, Check>> = {
  flux_bfl: { run: checkFluxBfl, tolerance: 1e-4 },
  flux_diffusers: { run: checkFluxDiffusers, tolerance: 1e-4 },
  ae_bfl: { run: checkAutoencoderBfl, tolerance: 1e-4 },
  ae_diffusers: { run: checkAutoencoderDiffusers, tolerance: 1e-4 },
  clip_text: { run: checkClip, tolerance: 1e-4 },
  t5_encoder: { run: checkT5, tolerance: 1e-4 },
  schedules: { run: checkSchedules, tolerance: 1e-6 },
  packing: { run: checkPacking, tolerance: 1e-5 },
  rf_solver: { run: checkSolver, tolerance: 1e-4 },
  s2dec: { run: checkSculpting, tolerance: 1e-4 },
  background: { run: checkBackground, tolerance: 1e-4 },
  pasl: { run: checkPasl, tolerance: 1e-4, others: PASL_TRAINING_OUTPUTS },
};
