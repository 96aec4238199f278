import { CommanderError } from "commander";
import { CanceledError, InputError, WeightsError } from "../errors.ts";
import { ModeratedError } from "../moderation/error.ts";
import type { Edited } from "./editor.ts";
import type { Outputs } from "./outputs.ts";
import { ServerError, type ServerFault } from "./server-error.ts";

/** What the command ends with; `--help` says what each means. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

export interface Failure {
  readonly exit: ExitCode;
  readonly code: string;
  /** One line. */
  readonly message: string;
}

const OF_SERVER: Readonly<Record<ServerFault, ExitCode>> = { failed: 1, refused: 2, away: 4, forbidden: 4 };

/** Failures that every further photo would meet as well. */
const OF_ALL: ReadonlySet<ExitCode> = new Set([3, 4, 130]);

export const endsAll = ({ exit }: Failure) => OF_ALL.has(exit);

export function failureOf(error: unknown): Failure {
  const message = (error instanceof Error ? error.message.split("\n")[0] : undefined) ?? String(error);
  if (error instanceof InputError) return { exit: 2, code: error.code, message };
  if (error instanceof ModeratedError) return { exit: 2, code: "moderated", message };
  if (error instanceof WeightsError) return { exit: 3, code: "weights", message };
  if (error instanceof CanceledError) return { exit: 130, code: "canceled", message };
  if (error instanceof ServerError) return { exit: OF_SERVER[error.fault], code: error.code, message };
  if (error instanceof CommanderError) return { exit: error.exitCode === 0 ? 0 : 2, code: "usage", message };
  return { exit: 1, code: "internal", message };
}

/** How an edit went, in a line for people. */
export function sentence(outputs: Outputs, edited: Edited): string {
  const { coverage, evaluations, seconds, credits } = edited;
  const parts = [
    `${(100 * coverage).toFixed(0)} % of the photo edited`,
    `${evaluations} evaluations`,
    `${seconds.toFixed(1)} s`,
    ...(credits === null ? [] : [`${credits} ${credits === 1 ? "credit" : "credits"}`]),
  ];
  return `${outputs.image}: ${parts.join(", ")}`;
}

/** How an edit went, as an object of the same fields whichever way it was made and however it ended. */
export function record(
  { photo, prompt }: { readonly photo: string; readonly prompt: string },
  outputs: Outputs,
  outcome: Edited | Failure,
): Record<string, unknown> {
  const edited = "image" in outcome ? outcome : null;
  const failure = "exit" in outcome ? outcome : null;
  const written = (path: string | null) => (edited === null ? null : path);
  return {
    photo,
    prompt,
    status: edited ? "succeeded" : failure?.exit === 130 ? "canceled" : "failed",
    out: written(outputs.image),
    mask_out: written(outputs.mask),
    grid: written(outputs.grid),
    width: edited?.width ?? null,
    height: edited?.height ?? null,
    coverage: edited?.coverage ?? null,
    preservation: edited?.preservation ?? null,
    evaluations: edited?.evaluations ?? null,
    seconds: edited?.seconds ?? null,
    edit_id: edited?.editId ?? null,
    credits: edited?.credits ?? null,
    error: failure && { code: failure.code, message: failure.message },
  };
}
