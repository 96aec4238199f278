import { variablesSchema } from "../../../edge/src/variables.ts";
import { MODELS, type ModelCard, type ModelId } from "../../../shared/models.ts";
import { answers, checkedAddress, knowsWorker, modelOf, type RunningModel } from "./addresses.ts";
import { DeployError, type Plan } from "./deployment-plan.ts";
import { faultsOf, lacksOf, readSecrets } from "./secrets.ts";
import type { Wrangler } from "./wrangler.ts";
import {
  errorIn,
  expiryDaysIn,
  identityIn,
  saysNoBucket,
  saysNoQueue,
  saysNoWorker,
  secretsIn,
} from "./wrangler-output.ts";

/** One step of a deployment. */
export interface Step {
  /** Its purpose, for people. */
  readonly title: string;
  /** The wrangler commands it may run, without `wrangler`; the first is always run. */
  readonly commands: readonly (readonly string[])[];
  /** @returns lines that describe the outcome. @throws DeployError */
  run(wrangler: Wrangler): Promise<readonly string[]>;
}

/** Maximum time until a deployment answers, in milliseconds. */
const ANSWER_MS = 90_000;

const EXPIRY_RULE = "expire-content";
/** Prefix of every account's folder, but not of the directory of keys, which must not expire. */
const CONTENT_PREFIX = "acct_";

/** All steps in order: those that may be refused come first, so that no deployment stops halfway. */
export function stepsOf(plan: Plan): Step[] {
  return [
    addressesSet(plan),
    variablesSound(plan),
    loggedIn(),
    secretsThere(plan),
    modelMatches(plan),
    ...plan.buckets.flatMap((bucket) => [bucketThere(bucket), contentExpires(bucket, plan.expiryDays)]),
    ...plan.queues.map(queueThere),
    deployed(plan),
    reached(plan),
  ];
}

function addressesSet({ publicUrl, gpuUrl }: Plan): Step {
  return {
    title: "the addresses of the worker and of the GPU function",
    commands: [],
    async run() {
      return [
        checkedAddress("PUBLIC_URL", publicUrl, "--public-url"),
        checkedAddress("GPU_URL", gpuUrl, "--gpu-url"),
      ];
    },
  };
}

function loggedIn(): Step {
  const whoami = ["whoami", "--json"];
  return {
    title: "who is logged in",
    commands: [whoami],
    async run(wrangler) {
      const identity = identityIn((await wrangler(whoami)).stdout);
      if (identity === null)
        throw new DeployError(
          "wrangler is not logged in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN",
        );
      const { accounts, email } = identity;
      const chosen = process.env.CLOUDFLARE_ACCOUNT_ID;
      const account = chosen === undefined ? accounts[0] : accounts.find(({ id }) => id === chosen);
      if (account === undefined)
        throw new DeployError(
          `no account ${chosen ?? ""} is open to this login: see \`npx wrangler whoami\``,
        );
      if (chosen === undefined && accounts.length > 1)
        throw new DeployError(
          `set CLOUDFLARE_ACCOUNT_ID to one of ${accounts.map(({ name, id }) => `${id} (${name})`).join(", ")}`,
        );
      return [`${email ?? "a token"}, account ${account.name}`];
    },
  };
}

function secretsThere({ secretsFile, model }: Plan): Step {
  const list = ["secret", "list", "--format", "json"];
  return {
    title: "the worker's secrets",
    commands: [list],
    async run(wrangler) {
      const said = await wrangler(list);
      const stored = said.ok ? secretsIn(said.stdout) : saysNoWorker(said.output) ? [] : null;
      if (stored === null) throw failed(list, said.output);
      const given = secretsFile === null ? new Map<string, string>() : readSecrets(secretsFile);
      const names = new Set([...stored, ...given.keys()]);
      const faults = faultsOf(names, given);
      if (faults.length > 0)
        throw new DeployError(
          `${faults.join("; ")}. Put what is missing in a file: --secrets-file production.env`,
        );
      return [`${stored.length} there, ${given.size} to upload`, ...lacksOf(names, model)];
    },
  };
}

/** Finds variables with which the worker would not start: a model without a price, a value out of range. */
function variablesSound({ vars, publicUrl, gpuUrl }: Plan): Step {
  return {
    title: "the worker's variables",
    commands: [],
    async run() {
      const given = { ...vars, PUBLIC_URL: publicUrl, GPU_URL: gpuUrl };
      const { error } = variablesSchema.safeParse(given);
      const faults = error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
      if (faults.length > 0) throw new DeployError(`wrangler.toml: ${faults.join("; ")}`);
      return ["valid"];
    },
  };
}

/** Maximum time for a function to report its model, including its container's start, in milliseconds. */
const MODEL_MS = 120_000;

/** An edit must be made by the model it is charged for, and a mask stored under its own locator's version. */
function modelMatches({ gpuUrl, model, secretsFile }: Plan): Step {
  return {
    title: `the GPU function runs ${model} and accepts the worker`,
    commands: [],
    async run() {
      const given = secretsFile === null ? new Map<string, string>() : readSecrets(secretsFile);
      const running = await modelOf(gpuUrl, given, MODEL_MS);
      if (running === null)
        return [
          "it does not answer now: if it runs another model, it will refuse every edit, and /healthz will report that",
        ];
      const fault = mismatch(MODELS[model as ModelId], running);
      if (fault !== null) throw new DeployError(fault);
      if (!given.has("GPU_SECRET") && !given.has("MODAL_KEY"))
        return ["its model is right; only an edit shows whether it accepts the worker's stored secrets"];
      if (!(await knowsWorker(gpuUrl, given)))
        throw new DeployError(
          "the GPU function refuses the worker: GPU_SECRET, or MODAL_KEY and MODAL_SECRET, differ from those it was deployed with",
        );
      return ["it does both"];
    },
  };
}

/** Why the worker must not use this function, in one line; null if it may. */
function mismatch(expected: ModelCard, running: RunningModel): string | null {
  if (running.id !== expected.id)
    return `MODEL is ${expected.id}, but the GPU function runs ${running.id}: set MODEL in wrangler.toml, or GPU_MODEL of the GPU function`;
  if (running.version !== expected.version)
    return `the GPU function runs ${running.id} ${running.version}, but this worker is made for ${expected.version}: deploy the GPU function first, from the same commit`;
  if (running.pasl !== undefined && running.pasl !== expected.pasl)
    return `the GPU function locates masks with PASL ${running.pasl}, but this worker stores them as ${expected.pasl}'s: deploy the GPU function first, from the same commit`;
  return null;
}

function bucketThere(bucket: string): Step {
  const look = ["r2", "bucket", "lifecycle", "list", bucket];
  const create = ["r2", "bucket", "create", bucket];
  return {
    title: `bucket ${bucket}`,
    commands: [look, create],
    run: (wrangler) => thereOrCreated(wrangler, look, saysNoBucket, create),
  };
}

function queueThere(queue: string): Step {
  const look = ["queues", "info", queue];
  const create = ["queues", "create", queue];
  return {
    title: `queue ${queue}`,
    commands: [look, create],
    run: (wrangler) => thereOrCreated(wrangler, look, saysNoQueue, create),
  };
}

/** The worker erases expired content itself; the rule is a safety net in case an alarm never fires. */
function contentExpires(bucket: string, days: number): Step {
  const lifecycle = ["r2", "bucket", "lifecycle"];
  const look = [...lifecycle, "list", bucket];
  const remove = [...lifecycle, "remove", bucket, "--name", EXPIRY_RULE];
  const add = [
    ...lifecycle,
    "add",
    bucket,
    EXPIRY_RULE,
    CONTENT_PREFIX,
    "--expire-days",
    String(days),
    "--force",
  ];
  return {
    title: `content of ${bucket} expires after ${days} days`,
    commands: [look, remove, add],
    async run(wrangler) {
      const known = expiryDaysIn(await must(wrangler, look), EXPIRY_RULE);
      if (known === days) return ["unchanged"];
      if (known !== null) await must(wrangler, remove);
      await must(wrangler, add);
      return [known === null ? "rule added" : `rule changed: it was ${known} days`];
    },
  };
}

function deployed({ publicUrl, gpuUrl, secretsFile }: Plan): Step {
  const vars = ["--var", `PUBLIC_URL:${publicUrl}`, "--var", `GPU_URL:${gpuUrl}`];
  const command = ["deploy", ...vars, ...(secretsFile === null ? [] : ["--secrets-file", secretsFile])];
  return {
    title: "the worker, its objects, its queues' consumers and its static files",
    commands: [command],
    async run(wrangler) {
      const output = await must(wrangler, command);
      const [, version] = /Current Version ID: (\S+)/.exec(output) ?? [];
      return [version === undefined ? "deployed" : `deployed, version ${version}`];
    },
  };
}

function reached({ publicUrl }: Plan): Step {
  return {
    title: `${publicUrl}/healthz answers`,
    commands: [],
    async run() {
      if (await answers(publicUrl, ANSWER_MS)) return ["it does"];
      throw new DeployError(
        `deployed, but ${publicUrl}/healthz does not answer: does the domain point to it?`,
      );
    },
  };
}

async function thereOrCreated(
  wrangler: Wrangler,
  look: readonly string[],
  saysMissing: (output: string) => boolean,
  create: readonly string[],
): Promise<string[]> {
  const said = await wrangler(look);
  if (said.ok) return ["there"];
  if (!saysMissing(said.output)) throw failed(look, said.output);
  await must(wrangler, create);
  return ["created"];
}

async function must(wrangler: Wrangler, command: readonly string[]): Promise<string> {
  const said = await wrangler(command);
  if (!said.ok) throw failed(command, said.output);
  return said.output;
}

const failed = (command: readonly string[], output: string) =>
  new DeployError(`wrangler ${command.join(" ")}: ${errorIn(output)}`);
