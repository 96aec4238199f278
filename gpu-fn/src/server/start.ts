import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type EngineOptions, openEngine } from "../engine.ts";
import { openProvenance } from "../provenance/provenance.ts";
import { checkCudaLibraries } from "../provider.ts";
import { createApp } from "./app.ts";
import { authorizer } from "./auth.ts";
import { jsonLog, type Log } from "./log.ts";
import { hostModel, type Opening } from "./model-host.ts";
import type { Settings } from "./settings.ts";

/** Longest time in which a task's headers and body arrive, in milliseconds. */
const REQUEST_MS = 30_000;

export interface GpuServer {
  readonly port: number;
  /** Takes no task any more, ends the run under way, then the engine. */
  close(): Promise<void>;
}

/** `open` is by default with the settings' threads. */
export interface StartOptions extends Opening {
  readonly heartbeatMs?: number;
  readonly log?: Log;
}

function engineOptions({ THREADS, DEVICE, GPU_MEMORY_GB }: Settings): EngineOptions {
  return {
    device: DEVICE,
    ...(THREADS === undefined ? {} : { threads: THREADS }),
    ...(GPU_MEMORY_GB === undefined ? {} : { gpuGib: GPU_MEMORY_GB }),
  };
}

/**
 * Listens, then loads the model.
 * @throws where the port is taken, a GPU is asked for that the runtime has no part for, or the signing key cannot sign
 */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<GpuServer> {
  const { HOST, PORT, MODEL_MANIFEST, DEVICE } = settings;
  if (DEVICE === "cuda") checkCudaLibraries();
  const provenance = await openProvenance(settings);
  const server = createServer({ requestTimeout: REQUEST_MS });
  server.listen(PORT, HOST);
  await once(server, "listening");

  const { heartbeatMs, log = jsonLog() } = options;
  const host = hostModel(MODEL_MANIFEST, log, {
    open: (manifest) => openEngine(manifest, engineOptions(settings)),
    ...options,
  });
  const parts = { host, authorized: authorizer(settings), log, provenance };
  const { app, runs } = createApp(heartbeatMs === undefined ? parts : { ...parts, heartbeatMs });
  server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const { port } = server.address() as AddressInfo;
  log("listening", { host: HOST, port });
  // a deployment that signs or marks nothing shall not do so unnoticed
  log("provenance", { c2pa: provenance.signer !== null, watermark: provenance.mark !== null });

  return {
    port,
    async close() {
      const closed = once(server, "close");
      server.close();
      await runs.stop();
      await host.close();
      server.closeIdleConnections();
      const slow = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(slow);
    },
  };
}
