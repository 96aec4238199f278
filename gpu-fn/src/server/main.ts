// The GPU function: `node gpu-fn/src/server/main.ts`; its environment is in server/settings.ts.
import { moderationOf } from "../../../shared/moderation/settings.ts";
import { needsWeights } from "../moderation/settings.ts";
import { fetchModeration } from "../moderation/weights.ts";
import { jsonLog } from "./log.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { startServer } from "./start.ts";

/** About how long a platform waits between stopping this process and killing it, in milliseconds. */
const GRACE_MS = 4_500;

const settings = settingsSchema.safeParse(process.env);
if (!settings.success) {
  for (const { path, message } of settings.error.issues)
    process.stderr.write(`error: ${path.join(".")}: ${message}\n`);
  process.exit(2);
}

const log = jsonLog();
const server = await start(settings.data).catch((error: Error) => {
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(1);
});

/** Starts the server; first fetches the policies' weights if they are missing. */
async function start(settings: Settings) {
  const { MODERATION_WEIGHTS: folder } = settings;
  if (needsWeights(moderationOf(settings))) await fetchModeration(folder, (line) => log("weights", { line }));
  return startServer(settings, { log });
}

const stop = async (signal: NodeJS.Signals) => {
  log("stopping", { signal });
  setTimeout(() => process.exit(0), GRACE_MS).unref();
  await server.close();
  process.exit(0);
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
