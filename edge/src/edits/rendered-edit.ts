import { editRequestSchema } from "../../../shared/edit.ts";
import { MODELS } from "../../../shared/models.ts";
import type { EditRow } from "../account/contract/edits.ts";
import { type Env, settingsOf } from "../env.ts";
import { invalidRequest } from "../middleware/on-error.ts";
import { notFound } from "../problem.ts";
import type { Bearer } from "../tokens/bearer.ts";
import type { ClaimsOf } from "../tokens/claims.ts";
import { useOf } from "../tokens/uses.ts";
import type { EditOrder } from "./order.ts";
import { placeEdit } from "./place-edit.ts";
import { scheduleOf } from "./request.ts";

/** Edits that one render may start: a machine failure costs nothing, and the next request retries. */
const RUNS_MAX = 3;

/** Failures that are independent of the image and the prompt. */
const TRANSIENT: ReadonlySet<string> = new Set(["gpu_unavailable", "deadline_exceeded", "internal"]);

/**
 * The edit behind a render: the existing one, or a new one. Of concurrent first requests one creates it, in one
 * transaction of the account, and the others join it. Views are free and not counted; runs count among the edits of the
 * key that signed it.
 * @throws Refusal `not_found` if its result or its input is erased, and as `placeEdit`
 */
export async function renderedEdit(
  env: Env,
  { claims, account, key, uses, edit }: Bearer<"render">,
  token: string,
): Promise<EditRow> {
  if (edit !== null && !(failedByChance(edit) && uses < RUNS_MAX)) return edit;
  if (edit === null && uses > 0) throw notFound("image");
  const permit = { claims, token, use: { ...useOf(claims, uses + 1), joins: true }, uses };
  const own = { who: key.id, limit: key.limits.edits, edits: 1 };
  const made = await placeEdit(env, { id: claims.sub, account, permit }, orderOf(env, claims), null, {
    own,
  });
  if ("known" in made) throw new Error("an edit without an idempotency key was known by one");
  return made;
}

const failedByChance = ({ status, error }: EditRow) =>
  status === "failed" && error !== null && TRANSIENT.has(error.code);

/** @throws Refusal if the token contains something that is no longer accepted */
function orderOf(env: Env, { img, prompt, pre }: ClaimsOf<"render">): EditOrder {
  const parsed = editRequestSchema.safeParse({ image: img, prompt, schedule: pre });
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { image: _, mask: __, schedule, ...request } = parsed.data;
  const model = MODELS[settingsOf(env).MODEL];
  return { request, schedule: scheduleOf(schedule, model), preset: pre, image: { id: img }, mask: null };
}
