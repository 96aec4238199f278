import type { EditInput, Unseen } from "../account/contract/edits.ts";
import type { Asker } from "../context.ts";
import { type Env, settingsOf } from "../env.ts";
import { lookAt } from "../gpu/client.ts";
import { readUrl } from "../images/urls.ts";
import { invalid, type Refusal, refusedBy } from "../problem.ts";
import { isUsedUp } from "../tokens/uses.ts";
import { Circuit } from "../upstash/circuit.ts";

/** How long the GPU function may read the photo for a check, in milliseconds. */
const READ_MS = 60_000;

const circuit = new Circuit("look_unavailable");

/**
 * Whether a caller's edits are looked at before they are accepted: not for tokens that could ask for any number of
 * looks. A used-up one is refused by the account; an image's address has no limit of requests, and keeps the refusal
 * with the edit that it makes instead.
 */
export const isLookedAt = ({ permit }: Asker): boolean =>
  permit === undefined || !(permit.claims.act === "render" || isUsedUp(permit));

/**
 * Why an edit would be refused before its first evaluation: no face in its photo, or nothing in its prompt that the
 * model knows. Null if no reason is known, or if the GPU function does not answer soon (it is asleep): then the edit
 * finds out itself and releases its hold. The account asks for it with `unseen`, for an edit that it would accept.
 */
export async function refusedAtSight(
  env: Env,
  { prompt, source_prompt, locate, face }: Pick<EditInput, "prompt" | "source_prompt" | "locate" | "face">,
  photo: Unseen["photo"],
): Promise<Refusal | null> {
  const settings = settingsOf(env);
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
