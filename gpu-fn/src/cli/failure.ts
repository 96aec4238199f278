import { CommanderError } from "commander";
import { CanceledError, InputError, WeightsError } from "../errors.ts";
import { ModeratedError } from "../moderation/error.ts";
import { ServerError, type ServerFault } from "./server-error.ts";

/** The command's exit code; `--help` explains each one. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

export interface Failure {
  readonly exit: ExitCode;
  readonly code: string;
  /** One line. */
  readonly message: string;
}

const OF_SERVER: Readonly<Record<ServerFault, ExitCode>> = { failed: 1, refused: 2, away: 4, forbidden: 4 };

/** Failures that would stop every further photo as well. */
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
