/** The paper's questions beside its main tables. */
import type { Study } from "../study.ts";
import { genderStudy } from "./gender.ts";
import { maskRobustnessStudy } from "./mask-robustness.ts";
import { openSetStudy } from "./open-set.ts";
import { paslCost } from "./pasl-cost.ts";
import { reconstruction } from "./reconstruction.ts";
import { severalStudy } from "./several.ts";
import { userMasksStudy } from "./user-masks.ts";

export const STUDIES: readonly Study[] = [
  maskRobustnessStudy(),
  severalStudy(),
  userMasksStudy(),
  openSetStudy(),
  genderStudy(),
  paslCost,
  reconstruction,
];
