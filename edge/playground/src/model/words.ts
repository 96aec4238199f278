import { ApiError, ConnectionError } from "../../../../shared/client/src/errors.ts";
import type { ProblemCode } from "../../../../shared/problem.ts";

/** A refusal as people read it: what happened, and what to do about it. */
export interface Trouble {
  readonly title: string;
  readonly advice: string;
  /** Whether the same again may work. */
  readonly retry: boolean;
}

const TROUBLES: Readonly<Record<ProblemCode, Trouble>> = {
  invalid_request: trouble("The server could not use this request", "Change the words or the region."),
  unauthorized: trouble("This session has ended", "Reload the page to begin a new one."),
  insufficient_credits: trouble(
    "The demo budget is used up",
    "Every edit costs credits, and none are left here.",
  ),
  forbidden: trouble(
    "This session does not allow that",
    "Its edits may be used up: reload the page, or use a token of your own.",
  ),
  precondition_failed: trouble("The picture has changed meanwhile", "Reload the page.", true),
  unavailable: trouble("The service is busy", "Try again in a moment.", true),
  not_found: trouble(
    "The photo is no longer on the server",
    "Photos are erased after a day. Choose it again.",
  ),
  method_not_allowed: trouble("The page and the server do not fit together", "Reload the page."),
  conflict: trouble("The same request is still running", "Wait a moment and try again.", true),
  idempotency_mismatch: trouble("The page and the server disagree about a request", "Try again.", true),
  length_required: trouble("The upload broke off", "Try again.", true),
  payload_too_large: trouble("The photo is too large", "Up to 15 MB and 25 megapixels work."),
  unsupported_media: trouble("This kind of picture is not taken", "JPEG, PNG, WebP and AVIF photos work."),
  no_face: trouble(
    "No face is found in this photo",
    "Choose one that shows a face from the front, or paint the region.",
  ),
  image_rejected: trouble("This picture cannot be used", "Try another photo, of a face seen from the front."),
  unchanged: trouble("Nothing changed", "Nothing was charged. Try other words, or paint the region."),
  moderated: trouble("This edit is not allowed here", "Choose other words or another photo."),
  rate_limited: trouble("Too many requests at a time", "Wait a minute and try again.", true),
  internal: trouble("Something broke on the server", "It is not your photo. Try again.", true),
  gpu_unavailable: trouble("The model is busy or waking up", "Try again in a moment.", true),
  deadline_exceeded: trouble("The edit took too long and was ended", "Nothing was charged. Try again.", true),
};

function trouble(title: string, advice: string, retry = false): Trouble {
  return { title, advice, retry };
}

/** Words for a code and the server's own detail, which stands first where it says more. */
export function troubleOf(code: ProblemCode, detail: string): Trouble {
  const known = TROUBLES[code];
  if (/no region|mask is empty/.test(detail))
    return trouble(
      "No part of this face fits the words",
      "Say what should be seen and where, such as “wearing glasses”, or paint the region yourself.",
    );
  const [, unknown] = /^there is nothing to change: (.+)$/.exec(detail) ?? [];
  if (unknown !== undefined) return trouble("The model cannot draw this", `${unknown}. Try other words.`);
  if (code === "moderated") {
    // "the prompt is refused by the policy prompt.minors: children and anybody under eighteen"
    const [what, reason] = /^(.+?) is refused by the policy [\w.]+: (.+)$/.exec(detail)?.slice(1) ?? [];
    if (reason) return { ...known, advice: `Not allowed in ${what}: ${reason}. ${known.advice}` };
  }
  if (code === "invalid_request" || code === "image_rejected" || code === "unchanged")
    return { ...known, advice: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}. ${known.advice}` };
  return known;
}

/** Words for whatever an effect threw. */
export function troubleFrom(error: unknown): Trouble {
  if (error instanceof ApiError) {
    const { problem, retryAfterSeconds } = error;
    if (problem === null)
      return trouble("The server cannot be reached", "Something on the way refused. Try again.", true);
    const words = troubleOf(problem.code, problem.detail);
    if (retryAfterSeconds === null || problem.code !== "rate_limited") return words;
    return { ...words, advice: `Try again in ${Math.max(1, retryAfterSeconds)} s.` };
  }
  if (error instanceof TypeError || error instanceof ConnectionError)
    return trouble("No connection", "Check your network and try again.", true);
  return trouble(
    "Something broke in this page",
    error instanceof Error ? error.message : "Reload the page.",
    true,
  );
}
