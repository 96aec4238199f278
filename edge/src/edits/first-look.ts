import type { Id } from "../../../shared/ids.ts";
import type { NewEdit } from "../account/contract/edits.ts";
import type { Caller } from "../context.ts";
import { type Env, settingsOf } from "../env.ts";
import { lookAt } from "../gpu/client.ts";
import { readUrl } from "../images/urls.ts";
import { invalid, type Refusal, refusedBy } from "../problem.ts";
import type { Permit } from "../tokens/permit.ts";
import { isUsedUp } from "../tokens/uses.ts";
import { Circuit } from "../upstash/circuit.ts";
import type { EditRequest } from "./request.ts";

/** How long the GPU function may read the photo for a check, in milliseconds. */
const READ_MS = 60_000;

const circuit = new Circuit("look_unavailable");

export interface Sight {
  readonly request: Pick<EditRequest, "prompt" | "source_prompt" | "locate" | "face">;
  /** The photo; null if a mask marks the region. */
  readonly photo: Id<"img"> | null;
  readonly load: Pick<NewEdit, "credits" | "overrunMs">;
}

/**
 * Why an edit would be refused before its first evaluation: no face in its photo, or nothing in its prompt that the
 * model knows. Null if no reason is known, or if the GPU function does not answer soon (it is asleep): then the edit
 * finds out itself and releases its hold. Skipped if the mask was located before, if the account cannot pay, and for
 * tokens that could ask for any number of looks.
 */
export async function refusedAtSight(env: Env, caller: Caller, sight: Sight): Promise<Refusal | null> {
  const settings = settingsOf(env);
  const { request, load } = sight;
  if (caller.permit !== undefined && isUnbounded(caller.permit)) return null;
  const { prompt, source_prompt, locate, face } = request;
  const planned = { ...load, locate, face, photo: sight.photo };
  const { photo, refused: unaccepted, located } = await caller.account.outlookOf(planned);
  // the account refuses it itself, with the reason
  if (unaccepted !== null || located || (photo === null && sight.photo !== null)) return null;
  const read = photo && {
    url: await readUrl(settings, photo.key, Date.now() + READ_MS, "gpu"),
    sha256: photo.sha256,
  };
  const words = { model: settings.MODEL, prompt, source_prompt, locate: [...locate] };
  const answer = await circuit.attempt(() =>
    lookAt(settings, { ...words, photo: read, ...(face !== undefined && { face }) }),
  );
  const refused = answer?.refused ?? null;
  if (refused === null) return null;
  return refused.code === "invalid_request" ? invalid("prompt", refused.detail) : refusedBy(refused);
}

/**
 * Whether nothing would limit the looks that a token asks for. A used-up one is refused by the account; an image's
 * address has no limit of requests, and keeps the refusal with the edit that it makes instead.
 */
const isUnbounded = (permit: Permit) => permit.claims.act === "render" || isUsedUp(permit);
