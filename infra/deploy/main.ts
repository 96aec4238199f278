// `npm run deploy`: creates what the worker needs in the Cloudflare account and is missing, deploys it, and sees it answer.
// Everything that could be asked is an option; a second run changes nothing but the worker's code.
import { join, resolve } from "node:path";
import { Command } from "commander";
import { unstable_readConfig } from "wrangler";
import { ensurePlayground } from "../build/playground/build.ts";
import { deploy, rehearse } from "./worker/deploy.ts";
import { DeployError, type DeployOptions, planOf } from "./worker/plan.ts";
import { stepsOf } from "./worker/steps.ts";
import { WRANGLER, wranglerAt } from "./worker/wrangler.ts";

const { dryRun, ...options } = new Command("npm run deploy --")
  .description("Create what is missing in Cloudflare and deploy the worker")
  .option("--dry-run", "say every step and do none")
  .option("--public-url <url>", "PUBLIC_URL in place of wrangler.toml's")
  .option("--gpu-url <url>", "GPU_URL in place of wrangler.toml's")
  .option("--secrets-file <file>", "secrets to upload along, dotenv or JSON", (file) =>
    resolve(process.env.INIT_CWD ?? ".", file),
  )
  .parse()
  .opts<DeployOptions & { dryRun?: boolean }>();

const say = (line: string) => void process.stdout.write(`${line}\n`);
const config = unstable_readConfig({ config: join(import.meta.dirname, "../../wrangler.toml") });
const steps = stepsOf(planOf(config, options));

try {
  if (dryRun) rehearse(steps, say);
  else {
    if (await ensurePlayground()) say("the playground is built");
    await deploy(steps, wranglerAt(WRANGLER), say);
  }
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
