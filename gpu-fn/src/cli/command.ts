/** What every command of the project has in common: its name, its help, how it reports an error, how it ends. */
import { Command } from "commander";
import { type ExitCode, failureOf } from "./failure.ts";

/** A command of the project: help after errors, and its own exit codes. */
export function projectCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .showHelpAfterError("(--help shows every option)")
    .exitOverride();
}

/** One line on stderr and an exit code; a stack trace only for a fault of ours, and only if DEBUG is set. */
export function complain(error: unknown, about?: string): void {
  const { exit, message, code } = failureOf(error);
  process.exitCode ||= exit satisfies ExitCode;
  // commander has already printed its message
  if (code === "usage") return;
  const where = about === undefined || message.includes(about) ? "" : `${about}: `;
  process.stderr.write(`error: ${where}${message}\n`);
  if (exit === 1 && process.env.DEBUG) console.error(error);
}

/**
 * Runs a command to its end and reports an error as every command does: 0 done, 1 a fault of ours or a check that
 * failed, 2 refused input, 3 weights missing or damaged, 130 cancelled.
 */
export async function runCommand(command: Command): Promise<void> {
  // npm runs scripts in the project's root, wherever it was called: the user's paths begin where the user is
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env;
  if (from && command.name() === `npm run ${script} --`) process.chdir(from);
  // a reader such as `head` may leave before the end
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));
  try {
    await command.parseAsync();
  } catch (error) {
    complain(error);
  }
}
