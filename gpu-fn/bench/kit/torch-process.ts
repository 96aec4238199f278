import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { InputError } from "../../src/errors.ts";

/** A Python script that answers each line of input with a line of JSON. */
export interface TorchProcess {
  /** Its first line: the versions and device it uses. */
  readonly hello: Readonly<Record<string, unknown>>;
  ask(line: string): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

/**
 * PyTorch in a separate process.
 * @param python a Python that has torch and safetensors
 * @throws InputError if the script ends before it answers
 */
export async function startTorch(
  python: string,
  script: string,
  args: readonly string[],
): Promise<TorchProcess> {
  const child = spawn(python, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (cause) => reject(noTorch(python, cause.message)));
    child.once("exit", (code) => reject(noTorch(python, `it ended with ${code}`)));
  });
  failed.catch(() => {}); // raced below; the exit after close() is expected
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await Promise.race([lines.next(), failed])).value ?? "{}");
  return {
    hello: await answer(),
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    close: () => void child.stdin.end(),
  };
}

const noTorch = (python: string, why: string) =>
  new InputError(
    "option_invalid",
    `${python}: ${why}; it needs torch and safetensors (--python, or --no-torch)`,
  );
