import { Command } from "commander";
import { failureOf } from "./report.ts";

/** A command of the project: help after errors, and its own exit codes. */
export function projectCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .showHelpAfterError("(--help shows every option)")
    .exitOverride();
}

/** Runs a command to its end: one line on stderr and an exit code; a stack trace only when DEBUG is set. */
export async function runCommand(command: Command): Promise<void> {
  // npm runs scripts in the project's root, wherever it was called: the user's paths begin where the user is
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env;
  if (from && command.name() === `npm run ${script} --`) process.chdir(from);
  try {
    await command.parseAsync();
  } catch (error) {
    const { exit, message, code } = failureOf(error);
    if (code !== "usage") process.stderr.write(`error: ${message}\n`);
    if (process.env.DEBUG) console.error(error);
    process.exitCode = exit;
  }
}
