import type {
  ClaimOutcome,
  EditRow,
  Run,
  RunError,
  RunProgress,
  RunResult,
} from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { writableUntil } from "../account/rules/lifecycle.ts";
import { type Env, settingsOf } from "../env.ts";
import {
  GpuBusyError,
  GpuRefusedError,
  GpuUnavailableError,
  type MaskEvent,
  type RunEvent,
  runEdit,
} from "../gpu/client.ts";
import { inOrder, openMaskCache } from "../masks/cache.ts";
import { checkWritten } from "./check-written.ts";
import { DeadlineError, Lease, RunStoppedError } from "./lease.ts";
import { type PlannedTask, planTask } from "./task.ts";

/** How an attempt ended. `stopped`: the account has settled the edit, or started a later attempt. */
export type Ending =
  | { readonly outcome: "succeeded" | "stopped" }
  | { readonly outcome: "busy"; readonly retryAfterSeconds: number }
  | { readonly outcome: "failed"; readonly error: RunError };

/** Progress of an edit whose GPU or model is still starting. */
const LOADING = { phase: "load", step: 0, steps: 0, evaluations: 0, planned: 0, etaMs: null } as const;

type Claimed = Extract<ClaimOutcome, { outcome: "claimed" }>;

/** Runs one attempt at an edit, from its claim to its capture. Any failure is an outcome too. */
export async function attempt(
  env: Env,
  account: AccountRpc,
  run: Run,
  { edit, provenance, locatedBefore }: Claimed,
): Promise<Ending> {
  using lease = new Lease(account, run, edit.deadlineAt);
  try {
    const plan = await planTask(env, run, { ...edit, provenance, locatedBefore });
    const keptUntil = await expectLocated(account, plan, edit);
    const events = runEdit(settingsOf(env), plan.task, lease.signal);
    const result = await follow(env, plan, keptUntil, lease, events);
    return { outcome: (await account.succeed(run, result)) ? "succeeded" : "stopped" };
  } catch (error) {
    return endingOf(error);
  }
}

/**
 * Follows a run's events to its end; the objects it reports are verified in storage. A located mask is cached while the
 * passes run: a retry finds it, and nothing is left to do once the edit is captured.
 */
async function follow(
  env: Env,
  plan: PlannedTask,
  keptUntil: number | null,
  lease: Lease,
  events: AsyncIterable<RunEvent>,
): Promise<RunResult> {
  const { task, cached } = plan;
  const { IMAGES } = env;
  let mask: MaskEvent | null = null;
  let preview: string | null = null;
  let progress: Omit<RunProgress, "preview"> = LOADING;
  for await (const event of events) {
    if (event.event === "started") lease.begin();
    else if (event.event === "loading") lease.report({ ...LOADING, preview });
    else if (event.event === "progress") {
      const { event: _, eta_ms: etaMs, ...news } = event;
      progress = { ...news, etaMs };
      lease.report({ ...progress, preview });
    } else if (event.event === "preview") {
      await checkWritten(IMAGES, nextPreview(task, preview), event.image);
      preview = event.image.key;
      lease.report({ ...progress, preview });
    } else if (event.event === "mask") {
      await checkWritten(IMAGES, task.put.mask, event.mask);
      if (event.located !== null) await checkWritten(IMAGES, task.put.located, event.located);
      await keepLocated(env, plan, event, keptUntil);
      mask = event;
    } else if (event.event === "succeeded") {
      await checkWritten(IMAGES, task.put.result, event.image);
      if (mask === null) throw new GpuUnavailableError("the run ended without a mask");
      return resultOf(mask, event, inOrder(cached?.regions ?? [], task.locate));
    }
  }
  throw new GpuUnavailableError("the run was dropped");
}

/** The storage key of the next preview. */
function nextPreview({ put }: PlannedTask["task"], last: string | null): { key: string } {
  const next = put.previews[put.previews.findIndex(({ key }) => key === last) + 1];
  if (next === undefined)
    throw new GpuUnavailableError("the GPU function sends more previews than asked for");
  return next;
}

function resultOf(
  { mask, coverage, source, regions, fusion }: MaskEvent,
  {
    image,
    preservation,
    timings,
    evaluations,
    cache,
    model,
    read_as,
    warnings,
  }: Extract<RunEvent, { event: "succeeded" }>,
  cachedRegions: RunResult["regions"],
): RunResult {
  const { total_ms: _, ...parts } = timings;
  return {
    mask: { key: mask.key, coverage, source, fusion: fusion ?? null },
    result: {
      key: image.key,
      width: image.width,
      height: image.height,
      contentType: image.content_type,
      bytes: image.bytes,
      sha256: image.sha256,
    },
    regions: regions.length > 0 ? regions : cachedRegions,
    reading: { read_as, warnings },
    preservation,
    timings: { ...parts, evaluations },
    cache: { mask: source === "cache", inversion: cache.inversion },
    model,
  };
}

/**
 * Records the mask that PASL will locate, so that it is erased with its photo. Returns when; null if nothing is kept.
 */
async function expectLocated(
  account: AccountRpc,
  { task, cacheKey }: PlannedTask,
  edit: EditRow,
): Promise<number | null> {
  if (cacheKey === null || task.mask.source !== "pasl") return null;
  const mask = { cacheKey, object: task.put.located.key, image: null };
  return account.expectMasks(edit.input.image.id, [mask], writableUntil(edit));
}

/** Remembers a located mask for as long as its object is kept. */
async function keepLocated(
  env: Env,
  { cacheKey }: PlannedTask,
  { located, coverage, regions }: MaskEvent,
  keptUntil: number | null,
): Promise<void> {
  if (located === null || cacheKey === null || keptUntil === null) return;
  const { key, sha256, width, height } = located;
  const mask = { key, sha256, width, height, coverage, regions };
  await openMaskCache(settingsOf(env)).set(cacheKey, mask, (keptUntil - Date.now()) / 1000);
}

function endingOf(error: unknown): Ending {
  if (error instanceof RunStoppedError) return { outcome: "stopped" };
  if (error instanceof GpuBusyError) return { outcome: "busy", retryAfterSeconds: error.retryAfterSeconds };
  return { outcome: "failed", error: runErrorOf(error) };
}

function runErrorOf(error: unknown): RunError {
  if (error instanceof GpuRefusedError) {
    const { code, detail, retryable, policy } = error;
    return { code, detail, retryable, ...(policy && { policy }) };
  }
  if (error instanceof DeadlineError) {
    const detail = "the edit was not finished before its deadline";
    return { code: "deadline_exceeded", detail, retryable: false };
  }
  if (error instanceof GpuUnavailableError) {
    return { code: "gpu_unavailable", detail: error.message, retryable: true };
  }
  console.error(JSON.stringify({ event: "run_error", error: String(error) }));
  return { code: "internal", detail: "the edit failed on our side", retryable: true };
}
