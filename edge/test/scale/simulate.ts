import { newId } from "../../../shared/ids.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import type { Account as ProductAccount } from "../../src/account/account.ts";
import type { ImageRow } from "../../src/account/contract/images.ts";
import type { Env } from "../../src/env.ts";
import { type Agenda, settled } from "./agenda.ts";
import { type Clock, tick } from "./clock.ts";
import type { Gpus } from "./gpus.ts";
import type { Meter } from "./meter.ts";
import type { Costs, Order, Outcome } from "./order.ts";
import { PlatformQueue } from "./platform-queue.ts";

/** The simulated account: its object, and the size of its database. */
type SimulatedAccount = ProductAccount & { databaseSize(): number };

export interface Parts {
  readonly account: SimulatedAccount;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly gpus: Gpus;
  readonly runners: { readonly heldMs: number; readonly begun: number };
  readonly env: Env;
}

const CREDITS = 10;
const MINUTE_MS = 60_000;
const RETENTION_MS = 24 * 3_600_000;

const costsOf = ({ rowsWritten, rowsRead, alarmsSet, upstash, stripe, points }: Meter): Costs => ({
  rowsWritten,
  rowsRead,
  alarmsSet,
  upstash,
  stripe,
  points,
});

function since(now: Meter, before: Costs): Costs {
  const names = Object.keys(before) as (keyof Costs)[];
  return Object.fromEntries(names.map((name) => [name, now[name] - before[name]])) as Costs;
}

/**
 * Edits of one account at a constant rate, each of its own photo, uploaded before. Account, consumers and runs are the
 * product's; clients, GPUs and the platform's queue are simulated.
 */
export async function simulate(
  { account, meter, clock, agenda, gpus, runners, env }: Parts,
  order: Order,
): Promise<Outcome> {
  const { rate, minutes, gpuMs, containers, consumers } = order;
  Object.assign(gpus, { gpuMs, containers });
  const id = newId("acct");
  const count = Math.round(rate * minutes);
  await account.open({ id, name: "scale" });
  await account.addCredits({ amount: count * CREDITS, reason: "scale", reference: id });
  const queue = new PlatformQueue({ agenda, clock, meter, env, consumers });
  const lengths: { readonly at: number; readonly length: number }[] = [];
  const createdAt = new Map<string, number>();

  const start = costsOf(meter);
  meter.written.clear();
  const photos: ImageRow[] = [];
  for (let i = 0; i < count; i++) {
    const photo = photoOf(await account.expectPhoto(), clock.now);
    await account.addImage(photo);
    photos.push(photo);
  }
  const uploads = since(meter, start);
  const beforeRuns = costsOf(meter);
  const callsBefore = meter.calls;
  const began = clock.now;
  for (const [index, photo] of photos.entries())
    agenda.plan(began + (index * MINUTE_MS) / rate, async () => {
      // one for the key
      meter.calls += 1;
      createdAt.set(await create(account, photo), clock.now);
      queue.pickUp();
      lengths.push({ at: clock.now, length: queue.length });
    });

  for (let event = agenda.next(); event !== undefined; event = agenda.next()) {
    await ringUntil(event.at);
    clock.moveTo(event.at);
    await event.run();
    await settled();
    queue.pickUp();
  }
  const calls = meter.calls - callsBefore;
  await ringUntil(clock.now + MINUTE_MS);
  const runs = since(meter, beforeRuns);
  const beforeExpiry = costsOf(meter);
  const bytes = account.databaseSize();
  const succeeded = await countSucceeded(account, began);
  // by then photos and edits have expired, and the ledger's day is archived
  await ringUntil(clock.now + 10 * RETENTION_MS);

  const end = began + minutes * MINUTE_MS;
  const last = lengths.filter(({ at }) => at >= end - MINUTE_MS).map(({ length }) => length);
  const waits = [...gpus.begun].map(([edit, at]) => at - (createdAt.get(edit) ?? at)).sort((a, b) => a - b);
  return {
    edits: count,
    succeeded,
    calls,
    deliveries: queue.deliveries,
    uploads,
    runs,
    expiry: since(meter, beforeExpiry),
    queue: {
      longest: Math.max(0, ...lengths.map(({ length }) => length)),
      lastMinute: last.reduce((sum, length) => sum + length, 0) / Math.max(1, last.length),
    },
    waitMs: {
      p50: waits[Math.floor(waits.length / 2)] ?? 0,
      p99: waits[Math.floor(waits.length * 0.99)] ?? 0,
    },
    mostHeld: queue.mostHeld,
    mostRunning: gpus.most,
    busyAnswers: gpus.refused,
    claims: runners.begun,
    runnerMs: runners.heldMs,
    looks: meter.looks,
    bytes,
    written: Object.fromEntries(meter.written),
  };

  /** Fires the alarm as often as it is due by then. */
  async function ringUntil(at: number): Promise<void> {
    while (meter.alarmAt !== null && meter.alarmAt <= at) {
      clock.moveTo(meter.alarmAt);
      meter.alarmAt = null;
      await account.alarm();
      await tick();
    }
  }
}

/** Number of successful edits, by the day's sums. */
async function countSucceeded(account: SimulatedAccount, began: number): Promise<number> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const days = await account.usage(day(began), day(began + RETENTION_MS));
  return days.reduce((sum, { succeeded }) => sum + succeeded, 0);
}

/** Creates an edit and returns its id. */
async function create(account: SimulatedAccount, photo: ImageRow): Promise<string> {
  const made = await account.createEdit({
    id: newId("edit"),
    credits: CREDITS,
    model: { id: "mini", version: "0.1.0" },
    idempotencyKey: `key:${crypto.randomUUID()}`,
    fingerprint: photo.sha256,
    input: {
      image: photo.id,
      mask: "auto",
      source_prompt: "a person.",
      prompt: "a woman wearing glasses",
      locate: ["a woman wearing glasses"],
      mask_options: maskOptionsSchema.parse(undefined),
      schedule: PRESETS.paper,
      composite: "paste-back",
      output: { format: "png" },
      deadline_ms: 600_000,
      metadata: {},
      webhook_url: null,
    },
  });
  if (made.outcome !== "created") throw new Error(`not created: ${made.outcome}`);
  return made.edit.id;
}

function photoOf(folder: string, now: number): ImageRow {
  const id = newId("img");
  const sha256 = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return {
    id,
    key: `${folder}${id}`,
    sha256: sha256.join(""),
    bytes: 1_500_000,
    width: 1024,
    height: 1024,
    contentType: "image/jpeg",
    createdAt: now,
    expiresAt: now + RETENTION_MS,
  };
}
