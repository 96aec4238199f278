import type { LookAnswer, LookTask } from "../../../shared/gpu.ts";
import { InputError } from "../errors.ts";
import type { Looker } from "../look/looker.ts";
import { failureOf } from "./failure.ts";
import { readPicture } from "./transfers.ts";

/**
 * The reason an edit would be refused before its first evaluation; null if none is known.
 * @throws TransferError, CanceledError, or any internal error
 */
export async function refusalAtLook(
  looker: Pick<Looker, "look">,
  { prompt, source_prompt: sourcePrompt, locate, face, photo }: LookTask,
  signal: AbortSignal,
): Promise<LookAnswer["refused"]> {
  const bytes = photo && (await readPicture(photo, "the photo", signal));
  try {
    const words = { prompt, sourcePrompt, locate };
    const chosen = face !== undefined && { face };
    await looker.look({ ...words, photo: bytes && { bytes }, ...chosen }, signal);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, detail } = failureOf(error);
    return { code, detail };
  }
}
