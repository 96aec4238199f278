// The worker in Cloudflare's local runtime, in one process. Wrangler's proxy is left out: it passes each request through a
// second runtime in order to reload, and nothing reloads here.
// Environment: HOST, PORT, PERSIST (storage folder), VARS (JSON: the worker's variables and secrets), and BUNDLE
// (folder of a prebuilt bundle; by default it is bundled now).
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { overwriteErased } from "./overwrite.ts";

const ROOT = join(import.meta.dirname, "../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

const settings = z
  .object({
    HOST: z.string().default("127.0.0.1"),
    PORT: z.coerce.number().int(),
    PERSIST: z.string(),
    BUNDLE: z.string().optional(),
    VARS: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.record(z.string(), z.string())),
  })
  .parse(process.env);

/** Starts the worker that wrangler would deploy. */
async function start(bundle: string): Promise<Miniflare> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  // the bundle is one module: rules for finding more would contradict that
  const { modulesRules: _, ...options } = workerOptions;
  const worker: V4WorkerOptions = {
    ...options,
    name: "flux-sculptor",
    modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
    modulesRoot: bundle,
    bindings: Object.assign({}, options.bindings, settings.VARS),
  };
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: settings.HOST,
      port: settings.PORT,
      // otherwise a runtime that crashes is started again without a word
      log: new Log(LogLevel.WARN),
      // the same folder as `wrangler dev --persist-to`
      resourcePersistencePath: join(settings.PERSIST, "v3"),
      workers: [worker],
    }),
  );
  await runtime.ready;
  return runtime;
}

async function bundleAndStart(): Promise<Miniflare> {
  const bundle = mkdtempSync(join(tmpdir(), "flux-worker-"));
  try {
    execFileSync(process.execPath, [WRANGLER, "deploy", "--dry-run", "--outdir", bundle], { cwd: ROOT });
    return await start(bundle);
  } finally {
    rmSync(bundle, { recursive: true });
  }
}

// what was erased before the last run was killed
overwriteErased(settings.PERSIST);
const runtime = await (settings.BUNDLE === undefined ? bundleAndStart() : start(settings.BUNDLE));

// on a signal, Miniflare ends its runtime and this process without waiting for other listeners
process.once("exit", () => overwriteErased(settings.PERSIST));
process.once("SIGTERM", async () => {
  await runtime.dispose();
  process.exit(0);
});
