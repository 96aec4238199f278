import { stream } from "../../../gpu-fn/training/text2mask/random.ts";
import { serveNext, settle } from "./aftermath.ts";
import type { ChaosStack } from "./stack.ts";
import { Scene, type Story } from "./story.ts";
import type { Tenant } from "./tenant.ts";

/** The outcome of a story. */
export interface Outcome {
  readonly story: string;
  readonly part: string;
  readonly fault: string;
  readonly stage: string;
  readonly injected: number;
  readonly observed: string;
  /** The broken invariants; none if all held. */
  readonly breaches: readonly string[];
  readonly seconds: number;
}

/** Runs one story on a stack and checks everything afterwards. Never throws: any error counts as a breach. */
export async function perform(
  stack: ChaosStack,
  story: Story,
  seed: number,
): Promise<{ outcome: Outcome; tenant: Tenant | null }> {
  const since = performance.now();
  const { name, part, fault, stage } = story;
  let scene: Scene | null = null;
  let observed = "";
  let breaches: string[];
  try {
    const tenant = await stack.openTenant(name);
    scene = new Scene(stack, tenant, stream(seed, name));
    observed = await story.run(scene).finally(() => scene?.tidy());
    breaches = await settle(stack, tenant);
    if (breaches.length === 0) breaches = await serveNext(stack, tenant);
  } catch (error) {
    breaches = [error instanceof Error ? error.message : String(error)];
  }
  const outcome = {
    story: name,
    part,
    fault,
    stage,
    injected: scene?.injected ?? 0,
    observed,
    breaches,
    seconds: Math.round((performance.now() - since) / 100) / 10,
  };
  return { outcome, tenant: scene?.tenant ?? null };
}
