// `npm start`: GPU function with the embedded model, Upstash gateway, and the worker in wrangler's local runtime.
// Environment: HOST (127.0.0.1), PORT (8787), PUBLIC_URL, STATE_DIR (.state), READY_FILE, REDIS_SERVER, MODERATION_…, and the
// worker's STRIPE_… and BFL_…; see infra/local/settings.ts.
import { rmSync } from "node:fs";
import { developmentKeys } from "../../gpu-fn/src/provenance/development.ts";
import { ensurePlayground } from "../build/playground/build.ts";
import { openAccount } from "./account.ts";
import { banner } from "./banner.ts";
import { ensureModeration } from "./moderation.ts";
import { isFree } from "./ports.ts";
import {
  publicUrlOf,
  SettingsError,
  type StartSettings,
  startSettings,
  workerVariables,
} from "./settings.ts";
import { type Stack, startStack } from "./stack.ts";
import { openState, type State, StateInUseError, writePrivate } from "./state.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

/** The checked settings; otherwise exits with a one-line reason. */
async function opened(): Promise<{ settings: StartSettings; state: State }> {
  try {
    const settings = startSettings(process.env);
    const free = await isFree(settings.PORT, settings.HOST).catch(() =>
      refuse(`HOST: ${settings.HOST} is no address of this machine`),
    );
    if (!free) refuse(`port ${settings.PORT} is taken: choose another with PORT=…`);
    return { settings, state: openState(settings.STATE_DIR) };
  } catch (error) {
    if (error instanceof StateInUseError || error instanceof SettingsError) refuse(error.message);
    throw error;
  }
}

async function serve(stack: Stack, state: State, settings: StartSettings): Promise<void> {
  await stack.workerUp();
  say("worker answers; opening the account");
  const apiKey = await openAccount(stack.url, state);
  await stack.gpuReady();
  const url = publicUrlOf(settings);
  if (settings.READY_FILE !== undefined) {
    writePrivate(settings.READY_FILE, {
      url,
      api_key: apiKey,
      admin_key: state.secrets.admin_key,
    });
  }
  say(
    banner({
      url,
      apiKey,
      open: settings.HOST !== "127.0.0.1",
      secrets: state.secretsFile,
      seconds: (performance.now() - began) / 1000,
      here: process.env.INIT_CWD ?? process.cwd(),
    }),
  );
}

const began = performance.now();
// Ctrl-C, SIGTERM, a closed terminal, or the end of infra/run.mjs, whose channel closes however it dies
const ending = new Promise<"ended">((resolve) => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(name, () => resolve("ended"));
});

const { settings, state } = await opened();
if (settings.READY_FILE !== undefined) rmSync(settings.READY_FILE, { force: true });
if (await ensurePlayground()) say("the playground is built");
await ensureModeration(process.env, say).catch((error: Error) => refuse(error.message));
say("starting the GPU function, the Upstash gateway and the worker …");
const stack = await startStack({
  state,
  host: settings.HOST,
  port: settings.PORT,
  publicUrl: publicUrlOf(settings),
  redisServer: settings.REDIS_SERVER,
  gpuEnv: { ...(await developmentKeys(state.folder, say)) },
  vars: workerVariables(process.env),
  say,
});

const failure = await Promise.race([
  ending.then(() => null),
  serve(stack, state, settings)
    .then(() => ending)
    .then(
      () => null,
      (error: unknown) => error,
    ),
]);
say(
  failure === null ? "ending …" : `the start failed: ${failure instanceof Error ? failure.message : failure}`,
);
await stack.stop();
if (settings.READY_FILE !== undefined) rmSync(settings.READY_FILE, { force: true });
process.exit(failure === null ? 0 : 1);
