/** Chooses where an edit's V comes from, by its schedule and the device. */
import type { Schedule } from "../../../shared/schedule.ts";
import { passEvaluations } from "../../../shared/solvers.ts";
import { cachedValueBytes } from "../device/admit.ts";
import type { ExecutionPlan } from "../device/execution-plan.ts";
import type { Model } from "../model/model.ts";

export type EditPath = ExecutionPlan["path"];

/**
 * `background` if the schedule asks for it, the device has a session for it, and the machine has memory for what it keeps
 * of the largest picture; else the device's own path, which keeps only V.
 */
export function valuePathOf(
  { manifest, execution, hostBytes }: Pick<Model, "manifest" | "execution" | "hostBytes">,
  { value_path: asked, solver, steps, inversion_steps = steps }: Schedule,
): EditPath {
  const { device, path } = execution;
  const recorded = passEvaluations(solver, inversion_steps);
  const held = cachedValueBytes(manifest, { blocks: "background", recorded }) <= hostBytes;
  if (asked === "background" && held && (device === "cpu" || path === "background")) return "background";
  return path === "background" ? "cache" : path;
}
