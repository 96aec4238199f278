import type { Step } from "./steps.ts";
import type { Wrangler } from "./wrangler.ts";

/** Runs each step and reports its outcome. @throws DeployError at the first failed step: the rest is not run */
export async function deploy(
  steps: readonly Step[],
  wrangler: Wrangler,
  say: (line: string) => void,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    say(`${index + 1}/${steps.length} ${step.title}`);
    for (const line of await step.run(wrangler)) say(`    ${line}`);
  }
}

/** Prints each step and its commands without running them. */
export function rehearse(steps: readonly Step[], say: (line: string) => void): void {
  for (const [index, { title, commands }] of steps.entries()) {
    say(`${index + 1}/${steps.length} ${title}`);
    for (const [place, command] of commands.entries())
      say(`    wrangler ${command.join(" ")}${place === 0 ? "" : "    (if needed)"}`);
  }
}
