import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { MODELS, type ModelCard, type ModelId } from "../../../shared/models.ts";
import { DeployError } from "./deployment-plan.ts";

/** Minimum length of a secret from which others are derived, or with which one is compared, as in the worker. */
const LENGTH_MIN = 32;
const LONG = ["SIGNING_SECRET", "SIGNING_SECRET_PREVIOUS", "ADMIN_KEY", "GPU_SECRET"];

/** Secrets that only work together. */
const PAIRS = [
  ["MODAL_KEY", "MODAL_SECRET"],
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
] as const;

/** Names and values in a `.json` or dotenv file; empty values are left out. @throws DeployError if it cannot be read */
export function readSecrets(file: string): Map<string, string> {
  try {
    const text = readFileSync(file, "utf8");
    const values: Record<string, unknown> = file.endsWith(".json") ? JSON.parse(text) : parseEnv(text);
    const entries = Object.entries(values).map(([name, value]) => [name, String(value ?? "")] as const);
    return new Map(entries.filter(([, value]) => value !== ""));
  } catch (error) {
    // a parser's message would show the secrets
    const reason =
      error instanceof Error && "code" in error ? String(error.code) : "not a valid file of its kind";
    throw new DeployError(`${file}: ${reason}`);
  }
}

/** Why the worker cannot start with these secrets, one line each; empty if it can. */
export function faultsOf(names: ReadonlySet<string>, values: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  if (!names.has("SIGNING_SECRET")) faults.push("SIGNING_SECRET is missing (openssl rand -base64 48)");
  if (!names.has("GPU_SECRET") && !names.has("MODAL_KEY"))
    faults.push("GPU_SECRET is missing, or MODAL_KEY and MODAL_SECRET instead of it");
  for (const [one, other] of PAIRS)
    if (names.has(one) !== names.has(other))
      faults.push(
        `${names.has(one) ? other : one} is missing: it is needed with ${names.has(one) ? one : other}`,
      );
  for (const name of LONG)
    if ((values.get(name)?.length ?? LENGTH_MIN) < LENGTH_MIN)
      faults.push(`${name} is shorter than ${LENGTH_MIN} characters`);
  return faults;
}

/** What the worker cannot do without optional secrets, one line each. @param model whose licence may require reports */
export function lacksOf(names: ReadonlySet<string>, model: string): string[] {
  const { usageReport }: Partial<ModelCard> = MODELS[model as ModelId] ?? {};
  const lacks = [
    ["ADMIN_KEY", "nobody can open accounts or give credits"],
    ["UPSTASH_REDIS_REST_URL", "every mask is located anew, and the GPUs' total backlog is unknown"],
    ["STRIPE_SECRET_KEY", "credits are given by hand"],
    ...(usageReport === undefined
      ? []
      : ([["BFL_API_KEY", `no edit is reported, as a commercial licence of ${model} requires`]] as const)),
  ] as const;
  return lacks.flatMap(([name, effect]) => (names.has(name) ? [] : [`without ${name}, ${effect}`]));
}
