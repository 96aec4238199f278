/** What a deployment needs, from `wrangler.toml` and the command line. */
export interface Plan {
  readonly buckets: readonly string[];
  readonly queues: readonly string[];
  /** Days after which the bucket's rule erases leftovers: the worker's retention plus a day. */
  readonly expiryDays: number;
  readonly publicUrl: string;
  readonly gpuUrl: string;
  /** The worker's variables, checked by the worker's own schema. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** The model whose price is charged. */
  readonly model: string;
  /** Dotenv or JSON file with secrets to upload. */
  readonly secretsFile: string | null;
}

/** The part of wrangler's configuration that is used here. */
export interface WranglerConfig {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly r2_buckets: readonly { readonly bucket_name?: string }[];
  readonly queues: {
    readonly producers?: readonly { readonly queue: string }[];
    readonly consumers?: readonly { readonly queue: string; readonly dead_letter_queue?: string }[];
  };
}

export interface DeployOptions {
  readonly publicUrl?: string;
  readonly gpuUrl?: string;
  readonly secretsFile?: string;
}

/** One line that says why a deployment stopped. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

const RETENTION_HOURS = 24;

export function planOf(config: WranglerConfig, options: DeployOptions): Plan {
  const { producers = [], consumers = [] } = config.queues;
  const named = [
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue]),
  ];
  const hours = Number(config.vars.RETENTION_HOURS ?? RETENTION_HOURS);
  return {
    buckets: unique(config.r2_buckets.map(({ bucket_name }) => bucket_name)),
    queues: unique(named),
    expiryDays: Math.ceil(hours / 24) + 1,
    publicUrl: String(options.publicUrl ?? config.vars.PUBLIC_URL ?? ""),
    gpuUrl: String(options.gpuUrl ?? config.vars.GPU_URL ?? ""),
    vars: config.vars,
    model: String(config.vars.MODEL ?? ""),
    secretsFile: options.secretsFile ?? null,
  };
}

const unique = (names: readonly (string | undefined)[]) => [
  ...new Set(names.filter((name) => name !== undefined)),
];
