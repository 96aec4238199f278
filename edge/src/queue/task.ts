import type { EditTask, ProvenanceChoice } from "../../../shared/gpu.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import { sign } from "../../../shared/signing.ts";
import type { EditRow, Run } from "../account/contract/edits.ts";
import type { CachedMask } from "../account/contract/images.ts";
import { PREVIEWS } from "../account/contract/run-objects.ts";
import { writableUntil } from "../account/rules/lifecycle.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import { readUrl, writeUrl } from "../images/urls.ts";
import { maskKey, openMaskCache } from "../masks/cache.ts";
import { locatedObject } from "../masks/objects.ts";

/** A PNG of four channels is at most slightly larger than its pixels; a mask has one channel. */
const RESULT_BYTES = 4 * IMAGE_LIMITS.pixels;
const MASK_BYTES = IMAGE_LIMITS.pixels + 1_000_000;

const PREVIEW_BYTES = 1_000_000;

/** A task for the GPU function, and the edge's own data about its mask. */
export interface PlannedTask {
  readonly task: EditTask;
  /** Cache name of the located mask; null if the user supplied one. */
  readonly cacheKey: string | null;
  readonly cached: CachedMask | null;
}

/** The inputs of a task. */
export type TaskSource = Pick<EditRow, "id" | "account" | "input" | "deadlineAt"> & {
  readonly provenance: ProvenanceChoice;
  /** False: the mask cache is skipped, since it holds nothing for this photo. */
  readonly locatedBefore: boolean;
};

/** Turns one attempt at an edit into a task: its mask from the cache if there is one, and signed URLs for the rest. */
export async function planTask(env: Env, { attempt }: Run, edit: TaskSource): Promise<PlannedTask> {
  const settings = settingsOf(env);
  const { input } = edit;
  const located = await maskKey(settings, edit.account, input.image.sha256, input.locate, {
    face: input.face,
  });
  const cacheKey = input.mask === "auto" ? located : null;
  const cached =
    cacheKey === null || !edit.locatedBefore ? null : await storedMask(env, cacheKey, input.locate);

  const until = writableUntil(edit);
  const read = async ({ key, sha256 }: { key: string; sha256: string }) => ({
    url: await readUrl(settings, key, until, "gpu"),
    sha256,
  });
  const write = async (key: string, maxBytes: number) => ({
    key,
    url: await writeUrl(settings, key, Math.ceil((until - Date.now()) / 1000), maxBytes),
  });
  const folder = `${edit.account}/edits/${edit.id}/${attempt}`;

  const mask = async (): Promise<EditTask["mask"]> => {
    if (input.mask !== "auto") return { source: "user", ...(await read(input.mask)) };
    return cached === null ? { source: "pasl" } : { source: "cache", ...(await read(cached)) };
  };

  const task: EditTask = {
    request_id: edit.id,
    attempt,
    tenant: await sign(settings.signingSecrets, "tenant", edit.account),
    model: settings.MODEL,
    photo: await read(input.image),
    locate: [...input.locate],
    mask_options: input.mask_options,
    ...(input.face !== undefined && { face: input.face }),
    prompt: input.prompt,
    source_prompt: input.source_prompt,
    mask: await mask(),
    schedule: input.schedule,
    composite: input.composite,
    output: input.output,
    provenance: edit.provenance,
    put: {
      mask: await write(`${folder}/mask`, MASK_BYTES),
      located: await write(locatedObject(edit.account, located), MASK_BYTES),
      result: await write(`${folder}/result`, RESULT_BYTES),
      previews: await Promise.all(PREVIEWS.map((name) => write(`${folder}/${name}`, PREVIEW_BYTES))),
    },
    deadline_ms: Math.max(1, edit.deadlineAt - Date.now()),
  };
  return { task, cacheKey, cached };
}

/** A cached mask whose object is still in storage. */
async function storedMask(
  env: Env,
  cacheKey: string,
  prompts: readonly string[],
): Promise<CachedMask | null> {
  const cached = await openMaskCache(settingsOf(env)).get(cacheKey, prompts);
  if (cached === null) return null;
  return (await env.IMAGES.head(cached.key)) === null ? null : cached;
}
