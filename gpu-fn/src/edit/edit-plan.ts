/** Plans a request on a model: schedule, guidance, and the key of its inversion. */
import { passesOf } from "../../../shared/presets.ts";
import { admitEdit, cachedValueBytes } from "../device/admit.ts";
import { InputError } from "../errors.ts";
import type { Window } from "../image/window.ts";
import { type InversionPlan, type Plan, planKeptInversion, planSculpting } from "../method/sculpting-plan.ts";
import { NAMED_SOLVERS } from "../method/solvers/named.ts";
import { evaluationsOf } from "../method/solvers/solver.ts";
import type { Model } from "../model/model.ts";
import type { TokenGrid } from "../tensor/packing.ts";
import { METHOD } from "./ablation.ts";
import { INVERSION_LIMITS, inversionKey } from "./inversion-cache.ts";
import type { EditRequest } from "./request.ts";
import { type EditPath, valuePathOf } from "./value-path.ts";

export interface EditPlan {
  readonly plan: Plan;
  readonly valueBlocks: number;
  /** Where the source's V comes from. */
  readonly path: EditPath;
  /** Guidance scales of both passes. */
  readonly guidance: { readonly inversion: number; readonly edit: number };
  readonly trueGuidance: boolean;
  /** Number of evaluations in each pass. */
  readonly evaluations: { readonly inversion: number; readonly edit: number };
  /** Key of the inversion in a cache; undefined if it must not be kept, or there is no inversion. */
  readonly key: string | undefined;
}

type Asked = Pick<EditRequest, "schedule" | "ablation" | "sourcePrompt" | "inversionScope">;

type PlannedModel = Pick<Model, "manifest" | "execution" | "hostBytes">;

/** What the model sees of the photo. */
export interface Seen {
  readonly grid: TokenGrid;
  /** Absent if it is not known yet, in which case the edit has no key. */
  readonly window?: Window;
}

/**
 * @throws InputError if the model has too few blocks, the schedule's parts do not fit together, or the edit keeps
 * more of its source than the machine has memory for
 */
export function planEdit(model: PlannedModel, asked: Asked, { grid, window }: Seen): EditPlan {
  const { manifest, execution, hostBytes } = model;
  const { schedule, sourcePrompt, inversionScope: scope } = asked;
  const ablation = { ...METHOD, ...asked.ablation };
  const { defaults, flux } = manifest;
  const valueBlocks = schedule.value_blocks ?? execution.blocks;
  checkBlocks(valueBlocks, flux.config.depth_single_blocks, "the model has");
  const { inversion, edit = defaults.guidance.edit } = schedule.guidance;
  const { method = defaults.guidance.method } = schedule.guidance;
  const tokens = grid.rows * grid.columns;
  const fusesValues = ablation.value_fusion && valueBlocks > 0;
  const inverted = ablation.inversion === "rf";
  const { pairing, latent_fusion: latent } = ablation;
  const path = ablation.value_path ?? valuePathOf(model, schedule);
  // V goes in and out of an evaluation there, and memory was planned for a fixed number of blocks
  if (execution.device === "cuda" && path === "cache")
    checkBlocks(valueBlocks, execution.blocks, "this GPU has memory for V of");
  const plan = planSculpting({
    steps: schedule.steps,
    inversionSteps: schedule.inversion_steps ?? schedule.steps,
    imageTokens: tokens,
    structuringSteps: schedule.structuring_steps,
    solver: NAMED_SOLVERS[schedule.solver],
    spacing: schedule.spacing ?? manifest.schedule.spacing,
    attention: fusesValues,
    latent,
    pairing,
    path,
    inverted,
  });
  const trueGuidance = method === "true";
  const { timesteps } = plan.inversion;
  const recorded = (inversion: InversionPlan) => ({
    blocks: inversion.recording === "background" ? inversion.recording : valueBlocks,
    recorded: recordedIn(inversion),
    tokens,
  });
  admitEdit(manifest, recorded(plan.inversion), hostBytes);
  const kept = cachedValueBytes(manifest, recorded(planKeptInversion(plan, path).inversion));
  const keepable = inverted && kept <= INVERSION_LIMITS.bytes;
  const inputs = { sourcePrompt, guidance: inversion, trueGuidance, valueBlocks, path, timesteps };
  return {
    plan,
    valueBlocks,
    path,
    guidance: { inversion, edit },
    trueGuidance,
    evaluations: passesOf(
      { ...schedule, guidance: { inversion, edit, method } },
      { ...ablation, value_fusion: fusesValues, value_path: path },
    ),
    key:
      scope && window && keepable
        ? inversionKey({ scope, window, solver: plan.solver.name, ...inputs })
        : undefined,
  };
}

/** Number of evaluations whose V, or K and V, is kept. */
function recordedIn(inversion: InversionPlan): number {
  return evaluationsOf(inversion, "inversion").filter(({ point }) => inversion.recorded(point)).length;
}

function checkBlocks(valueBlocks: number, blocks: number, reason: string): void {
  if (valueBlocks > blocks)
    throw new InputError("schedule_invalid", `value_blocks is ${valueBlocks}; ${reason} ${blocks} blocks`);
}
