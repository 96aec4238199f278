/** What all commands of the project share: name, help, error reports and exit codes. */
import { Command } from "commander";
import { type ExitCode, failureOf } from "./failure.ts";

/** A command that shows help after errors and uses the project's exit codes. */
export function projectCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .showHelpAfterError("(--help shows every option)")
    .exitOverride();
}

/** Prints one line on stderr and sets the exit code. Prints a stack trace only for our own faults, if DEBUG is set. */
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
 * Runs a command to its end and sets the exit code: 0 done, 1 a fault of ours or a failed check, 2 refused input,
 * 3 weights missing or damaged, 130 cancelled.
 */
export async function runCommand(command: Command): Promise<void> {
  // npm runs scripts in the project's root, but the user's paths are relative to where npm was called
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env;
  if (from && command.name() === `npm run ${script} --`) process.chdir(from);
  // a reader such as `head` may close the pipe early
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));
  try {
    await command.parseAsync();
  } catch (error) {
    complain(error);
  }
}
