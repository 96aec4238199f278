import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { moderationWarning } from "../../../shared/moderation/settings.ts";
import { checkCudaLibraries } from "../device/provider.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { engineOptions } from "../engine/settings.ts";
import { heldLimits } from "../image/decoder/limits.ts";
import { openLooker } from "../look/looker.ts";
import { type Moderator, openModerator } from "../moderation/moderator.ts";
import { moderationFor, needsWeights } from "../moderation/settings.ts";
import { openProvenance } from "../provenance/provenance.ts";
import { createApp } from "./app.ts";
import { authorizer } from "./auth.ts";
import { jsonLog, type Log } from "./log.ts";
import { hostModel, type Opening } from "./model-host.ts";
import type { Settings } from "./settings.ts";

/** Longest time for a task's headers and body to arrive, in milliseconds. */
const REQUEST_MS = 30_000;

export interface GpuServer {
  readonly port: number;
  /** Accepts no more tasks, ends the active run, then the engine. */
  close(): Promise<void>;
}

/** By default, `open` uses the settings' device, threads and arithmetic. */
export interface StartOptions extends Opening {
  readonly heartbeatMs?: number;
  readonly log?: Log;
  /** Replaces the settings' policies. */
  readonly moderator?: Moderator;
}

/** Opens the model while the policies open, since an edit needs both. */
async function openBoth(manifest: string, settings: Settings, moderator: Moderator): Promise<Engine> {
  const engine = await openEngine(manifest, engineOptions(settings));
  try {
    await moderator.ready;
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/**
 * Listens, then loads the model.
 * @throws if the port is taken, the runtime cannot use the requested GPU, the signing key cannot sign, or the weights of
 *   an enabled moderation policy are missing
 */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<GpuServer> {
  const { HOST, PORT, MODEL_MANIFEST, DEVICE } = settings;
  if (DEVICE === "cuda") checkCudaLibraries();
  const provenance = await openProvenance(settings);
  const moderation = moderationFor(settings, MODEL_MANIFEST);
  // a hanging thread cannot be ended alone, and a crashed one cannot be trusted: the platform restarts this process
  const giveUp = () => process.exit(1);
  const moderator =
    options.moderator ?? (await openModerator(moderation, settings.MODERATION_WEIGHTS, giveUp));
  const server = createServer({ requestTimeout: REQUEST_MS });
  server.listen(PORT, HOST);
  await once(server, "listening");

  const { heartbeatMs, log = jsonLog() } = options;
  const host = hostModel(MODEL_MANIFEST, log, {
    open: (manifest) => openBoth(manifest, settings, moderator),
    ...options,
  });
  const looker = openLooker({
    manifest: MODEL_MANIFEST,
    encoder: settings.MODERATION_WEIGHTS,
    warm: needsWeights(moderation),
  });
  const parts = {
    host,
    looker,
    authorized: authorizer(settings),
    log,
    provenance,
    moderator,
    onHang: giveUp,
  };
  const { app, runs } = createApp(heartbeatMs === undefined ? parts : { ...parts, heartbeatMs });
  server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const { port } = server.address() as AddressInfo;
  log("listening", { host: HOST, port });
  log("decoder", { ...heldLimits() });
  // a deployment that does not sign or mark its results logs that
  log("provenance", { c2pa: provenance.signer !== null, watermark: provenance.marker !== null });

  const warning = moderationWarning(moderation);
  if (warning !== null) log("moderation_off", { off: [...moderation.off].join(" "), warning });

  return {
    port,
    async close() {
      const closed = once(server, "close");
      server.close();
      await runs.stop();
      await host.close();
      await looker.close();
      await provenance.marker?.close();
      await moderator.close();
      server.closeIdleConnections();
      const slow = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(slow);
    },
  };
}
