import { type FunctionAutoscalerSettings, ModalClient, NotFoundError } from "modal";

/** Names of infra/deploy/modal/modal_app.py: the app, the class that holds the GPU, its web function. */
const APP = "flux-sculptor";
const CLASS = "Gpu";
const METHOD = "serve";

/** The app's secrets, and the key that each must contain. */
const SECRETS = [
  { name: "flux-sculptor-gpu", key: "GPU_SECRET", value: '"$(openssl rand -base64 48)"' },
  { name: "flux-sculptor-weights", key: "HF_TOKEN", value: "hf_…" },
] as const;

/** One line that says why a command stopped. */
export class ModalError extends Error {
  override readonly name = "ModalError";
}

/** The deployed GPU function. */
export interface GpuFunction {
  readonly url: string;
  /** Running containers, and requests waiting for one. */
  load(): Promise<{ containers: number; waiting: number }>;
  /** Of the last hour. */
  lastHour(): Promise<{ succeeded: number; failed: number; started: number; broken: number }>;
  /** Changes the given settings until the next deployment. @returns all settings */
  autoscaler(change?: { minContainers?: number }): Promise<FunctionAutoscalerSettings>;
}

/** @throws ModalError if nobody is logged in */
export function openModal(): ModalClient {
  const client = new ModalClient({ logLevel: "error" });
  const { tokenId, tokenSecret, oauthRefreshToken } = client.profile;
  if (oauthRefreshToken === undefined && (tokenId === undefined || tokenSecret === undefined))
    throw new ModalError(
      "nobody is logged in to Modal: run `modal setup`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET",
    );
  return client;
}

/** Looks the deployed function up. @throws ModalError if it is not deployed or Modal does not answer */
export async function findGpu(client: ModalClient): Promise<GpuFunction> {
  const serve = await asked(async () => {
    const instance = await (await client.cls.fromName(APP, CLASS)).instance();
    return instance.method(METHOD);
  }, "the GPU function is not deployed: npm run deploy:gpu");
  const url = await serve.getWebUrl();
  if (url === undefined) throw new ModalError(`${APP}'s ${CLASS}.${METHOD} has no address: deploy it again`);
  return {
    url,
    async load() {
      const { numTotalRunners, backlog } = await asked(() => serve.getCurrentStats());
      return { containers: numTotalRunners, waiting: backlog };
    },
    async lastHour() {
      const stats = await asked(() => serve.stats());
      return {
        succeeded: stats.inputSuccessCount,
        failed: stats.inputFailureCount + stats.inputTimeoutCount,
        started: stats.containerStartedCount,
        broken: stats.containerErrorCount,
      };
    },
    autoscaler: (change = {}) => asked(() => serve.updateAutoscaler(change)),
  };
}

/** @throws ModalError that says how to create the first missing secret */
export async function checkSecrets(client: ModalClient): Promise<void> {
  for (const { name, key, value } of SECRETS)
    await asked(
      () => client.secrets.fromName(name, { requiredKeys: [key] }),
      `a secret is missing: modal secret create ${name} ${key}=${value}`,
    );
}

async function asked<T>(question: () => Promise<T>, notFound?: string): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    if (cause instanceof NotFoundError && notFound !== undefined) throw new ModalError(notFound, { cause });
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new ModalError(`Modal failed: ${reason}`, { cause });
  }
}
