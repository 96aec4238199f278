import { type Aftermath, breachesOf } from "./invariants.ts";
import type { ChaosStack } from "./stack.ts";
import { cachedEntries } from "./stores.ts";
import { SHORT, sleep } from "./story.ts";
import type { Tenant } from "./tenant.ts";

/** Maximum time for cleaning up after a story, and between two checks of all stores, in milliseconds. */
const QUIET_MS = 90_000;
const LOOK_MS = 250;
const END_MS = 120_000;

/** Checks every store once. @throws if one cannot be read */
async function lookAt(stack: ChaosStack, tenant: Tenant): Promise<Aftermath> {
  const { id, api, accepted, erased } = tenant;
  const [reported, queued, cached] = await Promise.all([
    api.getAccount(),
    stack.queued(),
    cachedEntries(stack.upstash.url, stack.upstash.token),
  ]);
  const objects = await stack.stores.objects(`${id}/`);
  const rows = await stack.stores.account(id);
  return {
    account: id,
    now: Date.now() + stack.offsetMs,
    rows,
    objects,
    cached,
    queued,
    reported,
    arrivals: tenant.arrivalsOf(stack.arrivals(), rows.secrets),
    accepted: [...accepted],
    erased: [...erased],
  };
}

/** Invariants that are still broken once everything had its time. */
export async function settle(stack: ChaosStack, tenant: Tenant, withinMs = QUIET_MS): Promise<string[]> {
  const until = Date.now() + withinMs;
  for (;;) {
    const breaches = await look(stack, tenant);
    if (breaches.length === 0 || Date.now() > until) return breaches;
    await sleep(LOOK_MS);
  }
}

async function look(stack: ChaosStack, tenant: Tenant): Promise<string[]> {
  try {
    return breachesOf(await lookAt(stack, tenant));
  } catch (error) {
    return [`the stores cannot be read: ${error instanceof Error ? error.message : error}`];
  }
}

/** The stack serves the next edit, and every invariant holds after it. */
export async function serveNext(stack: ChaosStack, tenant: Tenant): Promise<string[]> {
  try {
    const edit = await tenant.settled(await tenant.edit({ steps: SHORT }), END_MS);
    if (edit.status !== "succeeded")
      return [`the next edit ${edit.status}: ${edit.error?.code} ${edit.error?.detail}`];
    return await settle(stack, tenant);
  } catch (error) {
    return [`the next edit: ${error instanceof Error ? error.message : error}`];
  }
}

/** A day and an hour later: all content is past its retention. */
const LATER_MS = 25 * 3_600_000;

/** Moves the worker's clock past every retention; returns what is still stored for these accounts, in words. */
export async function expireAll(stack: ChaosStack, tenants: readonly Tenant[]): Promise<string[]> {
  await stack.moveClock(stack.furthestMs + LATER_MS);
  const until = Date.now() + QUIET_MS;
  for (;;) {
    const left = (await Promise.all(tenants.map((tenant) => leftOf(stack, tenant)))).flat();
    if (left.length === 0 || Date.now() > until) return left;
    await sleep(LOOK_MS);
  }
}

async function leftOf(stack: ChaosStack, { id }: Tenant): Promise<string[]> {
  const [objects, rows, cached] = await Promise.all([
    stack.stores.objects(`${id}/`),
    stack.stores.account(id),
    cachedEntries(stack.upstash.url, stack.upstash.token),
  ]);
  return [
    ...objects.map(({ key }) => `${key} outlives its retention`),
    ...rows.edits.map((edit) => `${edit.id} outlives its retention`),
    ...rows.images.map((image) => `${image.id} outlives its retention`),
    ...cached
      .filter(({ object }) => object?.startsWith(`${id}/`))
      .map(({ key }) => `${key} outlives its photo`),
  ];
}
