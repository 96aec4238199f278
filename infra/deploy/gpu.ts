// `npm run deploy:gpu`, `npm run gpu:status`, `npm run gpu:warm`: the GPU function on Modal; see infra/README.md.
import { join, resolve } from "node:path";
import { projectCommand, runCommand } from "../../gpu-fn/src/cli/command.ts";
import { whole } from "../../gpu-fn/src/cli/numbers.ts";
import { deployGpu } from "./modal/deploy.ts";
import { findGpu, openModal } from "./modal/function.ts";
import { described, healthOf, proxyToken, warm } from "./modal/warm.ts";

const WORKER = join(import.meta.dirname, "../../wrangler.toml");

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function status(): Promise<void> {
  const gpu = await findGpu(openModal());
  const [{ containers, waiting }, hour, scaling] = await Promise.all([
    gpu.load(),
    gpu.lastHour(),
    gpu.autoscaler(),
  ]);
  const { minContainers = 0, maxContainers, bufferContainers = 0, scaledownWindowMs } = scaling;
  const idle = scaledownWindowMs === undefined ? "Modal's default" : `${scaledownWindowMs / 1000} s`;
  say(`url          ${gpu.url}`);
  say(`containers   ${containers}`);
  say(`queue        ${waiting}`);
  say(
    `autoscaler   ${minContainers} to ${maxContainers ?? "any number"}, ${bufferContainers} spare, idle for ${idle}`,
  );
  say(
    `last hour    ${hour.succeeded} answered, ${hour.failed} failed; ${hour.started} started, ${hour.broken} broken`,
  );
  const token = proxyToken();
  // a health request to a function without containers would start one
  if (token === null || containers === 0) return;
  const health = await healthOf(gpu.url, token);
  say(`health       ${health === null ? "no answer" : described(health)}`);
}

const program = projectCommand("gpu", "The GPU function on Modal.").name("npm run");
program
  .command("deploy:gpu")
  .description("deploy infra/deploy/modal/modal_app.py; its settings are environment variables")
  .option("--config <file>", "the worker's wrangler.toml, whose MODEL sets the price", WORKER)
  .action(async ({ config }: { config: string }) => {
    const { unstable_readConfig } = await import("wrangler");
    const { MODEL = "" } = unstable_readConfig({ config: resolve(config) }).vars;
    return deployGpu(process.env.MODAL_CLI ?? "modal", String(MODEL), say);
  });
program.command("gpu:status").description("show address, containers, queue and autoscaler").action(status);
program
  .command("gpu:warm")
  .description("keep containers running until the next deployment, and wait until one is ready")
  .argument("[containers]", "number of containers; 0 scales to zero again", whole(0, 999), 1)
  .action(async (containers: number) => warm(await findGpu(openModal()), containers, proxyToken(), say));

await runCommand(program);
