import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../../..");

/** A program of the environment that `npm run test:modal` installs. */
export const installed = (name: string) => join(process.env.MODAL_VENV ?? "", "bin", name);

const callSchema = z.object({ call: z.string(), request: z.record(z.string(), z.unknown()) });

export type Call = z.output<typeof callSchema>;

/** A worker's configuration that charges for a model. */
function configOf(folder: string, model: string): string {
  const file = join(folder, "wrangler.toml");
  writeFileSync(file, `name = "worker"\n[vars]\nMODEL = "${model}"\n`);
  return file;
}

/**
 * A fake of Modal's API; `calls` lists the calls so far.
 * @param onEnd takes what ends it; default: with the test
 */
export async function fakeApi(
  account: { missing_secrets?: string[]; models?: string[] } = {},
  onEnd: (end: () => void) => void = onTestFinished,
) {
  const child = spawn(
    installed("python"),
    [join(import.meta.dirname, "fake_api.py"), JSON.stringify(account)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const folder = mkdtempSync(join(tmpdir(), "flux-worker-"));
  onEnd(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { port } = z.object({ port: z.int() }).parse(JSON.parse((await lines.next()).value));
  const calls: Call[] = [];
  void (async () => {
    for await (const line of { [Symbol.asyncIterator]: () => lines })
      calls.push(callSchema.parse(JSON.parse(line)));
  })();
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    PATH,
    HOME,
    MODAL_SERVER_URL: `http://127.0.0.1:${port}`,
    MODAL_TOKEN_ID: "ak-1",
    MODAL_TOKEN_SECRET: "as-1",
    MODAL_CONFIG_PATH: "/nowhere/modal.toml",
    MODAL_CLI: installed("modal"),
  };
  return {
    calls,
    /** Runs a command of infra/deploy/gpu.ts for a worker that charges for `charged`. @returns its outputs and exit status */
    gpu(args: readonly string[], more: Readonly<Record<string, string>> = {}, charged = "flux-dev") {
      const beside = args[0] === "deploy:gpu" ? ["--config", configOf(folder, charged)] : [];
      const child = spawn(process.execPath, [join(ROOT, "infra/deploy/gpu.ts"), ...args, ...beside], {
        cwd: ROOT,
        env: { ...env, ...more },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => (stdout += chunk));
      child.stderr.on("data", (chunk) => (stderr += chunk));
      return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
        child.once("close", (status) => resolve({ status, stdout, stderr })),
      );
    },
  };
}
