import type { Step } from "./steps.ts";
import type { Wrangler } from "./wrangler.ts";

/** Says each step, does it and says how it ended. @throws DeployError if one cannot be done: the rest is left */
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

/** Says each step and its commands; does nothing. */
export function rehearse(steps: readonly Step[], say: (line: string) => void): void {
  for (const [index, { title, commands }] of steps.entries()) {
    say(`${index + 1}/${steps.length} ${title}`);
    for (const [place, command] of commands.entries())
      say(`    wrangler ${command.join(" ")}${place === 0 ? "" : "    (where it is needed)"}`);
  }
}
