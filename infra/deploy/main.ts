// `npm run deploy`: creates what the worker lacks in the Cloudflare account, deploys it, and waits until it answers.
// It asks no questions: every choice is an option. A second run changes only the worker's code.
import { join, resolve } from "node:path";
import { unstable_readConfig } from "wrangler";
import { projectCommand, runCommand } from "../../gpu-fn/src/cli/command.ts";
import { ensurePlayground } from "../build/playground/build.ts";
import { deploy, rehearse } from "./worker/deploy.ts";
import { type DeployOptions, planOf } from "./worker/deployment-plan.ts";
import { stepsOf } from "./worker/steps.ts";
import { WRANGLER, wranglerAt } from "./worker/wrangler.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function run({ dryRun, ...options }: DeployOptions & { dryRun?: boolean }): Promise<void> {
  const config = unstable_readConfig({ config: join(import.meta.dirname, "../../wrangler.toml") });
  const steps = stepsOf(planOf(config, options));
  if (dryRun) return rehearse(steps, say);
  if (await ensurePlayground()) say("the playground is built");
  await deploy(steps, wranglerAt(WRANGLER), say);
}

await runCommand(
  projectCommand("deploy", "Create what is missing in Cloudflare and deploy the worker.")
    .option("--dry-run", "print every step without doing it")
    .option("--public-url <url>", "PUBLIC_URL, instead of wrangler.toml's")
    .option("--gpu-url <url>", "GPU_URL, instead of wrangler.toml's")
    .option("--secrets-file <file>", "secrets to upload, as dotenv or JSON", (file) => resolve(file))
    .action(run),
);
