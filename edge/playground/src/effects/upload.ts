import { ApiError } from "../../../../shared/client/src/errors.ts";
import { sleep } from "../../../../shared/client/src/request.ts";
import { problemSchema } from "../../../../shared/problem.ts";

interface Sending {
  readonly signal: AbortSignal;
  /** Hears the share that has gone out, from 0 to 1. */
  readonly progress: (share: number) => void;
}

/** Pauses between tries, in milliseconds. */
const PAUSES_MS = [500, 2_000, 5_000] as const;

/** An image came to this address before: the try whose answer was lost. */
const ALREADY_THERE = 409;

/**
 * Sends a file to its signed address. `fetch` does not tell how much has gone out, so this is the older interface.
 * @throws ApiError, TypeError if no answer came, the signal's reason
 */
export async function put(url: string, blob: Blob, type: string, sending: Sending): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    const pause = PAUSES_MS[tried];
    const answer = await once(url, blob, type, sending);
    if (answer !== null && answer.status < 300) return;
    if (answer?.status === ALREADY_THERE && tried > 0) return;
    const hopeless = answer !== null && answer.status < 500 && answer.status !== 429;
    if (hopeless || pause === undefined) {
      if (answer === null) throw new TypeError("the upload broke off");
      throw refusalOf(answer);
    }
    await sleep(pause, sending.signal);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One try; null if no answer came. */
function once(url: string, blob: Blob, type: string, { signal, progress }: Sending): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    signal.addEventListener("abort", abort, { once: true });
    call.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    call.onload = () => resolve({ status: call.status, text: call.responseText });
    call.onerror = () => resolve(null);
    call.onabort = () => reject(signal.reason);
    call.onloadend = () => signal.removeEventListener("abort", abort);
    call.open("PUT", url);
    call.setRequestHeader("Content-Type", type);
    call.send(blob);
  });
}

function refusalOf({ status, text }: Answer): ApiError {
  return new ApiError(status, problemIn(text), null);
}

function problemIn(text: string) {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return null; // not the API's own words
  }
}
