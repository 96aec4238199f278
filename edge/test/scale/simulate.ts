import { type Id, newId } from "../../../shared/ids.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import type { Account as ProductAccount } from "../../src/account/account.ts";
import type { EditMessage, Run, RunProgress, RunResult } from "../../src/account/contract/edits.ts";
import type { ImageRow } from "../../src/account/contract/images.ts";
import { Agenda, type Clock, tick } from "./clock.ts";
import type { Meter } from "./meter.ts";
import type { Costs, Order, Outcome } from "./order.ts";
import { SHARES } from "./phases.ts";

/** The account under simulation: its object, and how large its database is. */
type SimulatedAccount = ProductAccount & { databaseSize(): number };

const CREDITS = 10;
const MINUTE_MS = 60_000;
const RETENTION_MS = 24 * 3_600_000;

/** Signs of life of a run: once a second, as consumers pass them on. */
const NEWS_MS = 1_000;

/** A GPU function that is busy asks to be left alone this long. */
const BUSY_SECONDS = 1;

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
 * Edits of one account at an even rate, each of a photo of its own that was uploaded before. Consumers, GPUs and clients
 * are played; what they ask the account's object is what the worker asks it, in the same order.
 */
export async function simulate(
  account: SimulatedAccount,
  meter: Meter,
  clock: Clock,
  order: Order,
): Promise<Outcome> {
  const { rate, minutes, gpuMs, containers, consumers } = order;
  const id = newId("acct");
  const count = Math.round(rate * minutes);
  await account.open({ id, name: "scale" });
  await account.addCredits({ amount: count * CREDITS, reason: "scale", reference: id });
  const agenda = new Agenda();
  agenda.ownScheduler(clock);
  let [calls, deliveries, held, mostHeld, busy, succeeded, events] = [0, 0, 0, 0, 0, 0, 0];
  const waiting: EditMessage[] = [];
  const lengths: { readonly at: number; readonly length: number }[] = [];
  const waits: number[] = [];

  const pickUp = () => {
    waiting.push(...meter.sent.splice(0));
    while (held < consumers) {
      const message = waiting.shift();
      if (message === undefined) return;
      held += 1;
      mostHeld = Math.max(mostHeld, held);
      deliveries += 1;
      agenda.plan(clock.now, () => deliver(message));
    }
  };
  const letGo = () => {
    held -= 1;
    pickUp();
  };

  async function deliver(message: EditMessage): Promise<void> {
    const claim = await account.claim(message.edit);
    calls += 1;
    if (claim.outcome !== "claimed") return letGo();
    const run = { edit: claim.edit.id, attempt: claim.attempt };
    if (busy >= containers) {
      await account.yieldClaim(run, BUSY_SECONDS);
      calls += 1;
      agenda.plan(clock.now + BUSY_SECONDS * 1000, () => {
        waiting.push(message);
        pickUp();
      });
      return letGo();
    }
    busy += 1;
    waits.push(clock.now - claim.edit.createdAt);
    await expectMask(account, claim.edit.input.image, id);
    await account.report(run, "started");
    calls += 2;
    const began = clock.now;
    for (let at = NEWS_MS; at < gpuMs; at += NEWS_MS)
      agenda.plan(began + at, async () => {
        calls += 1;
        await account.report(run, progressAt(at / gpuMs));
      });
    agenda.plan(began + gpuMs, async () => {
      busy -= 1;
      calls += 1;
      if (await account.succeed(run, resultOf(run, gpuMs))) succeeded += 1;
      letGo();
    });
  }

  const start = costsOf(meter);
  const photos: ImageRow[] = [];
  for (let i = 0; i < count; i++) {
    const photo = photoOf(id, clock.now);
    await account.expectObject(photo.key);
    await account.addImage(photo);
    photos.push(photo);
  }
  const uploads = since(meter, start);
  const beforeRuns = costsOf(meter);
  const began = clock.now;
  for (const [index, photo] of photos.entries())
    agenda.plan(began + (index * MINUTE_MS) / rate, async () => {
      // and one before it, for the key
      calls += 2;
      await create(account, photo);
      pickUp();
      lengths.push({ at: clock.now, length: waiting.length });
    });

  for (let event = agenda.next(); event !== undefined; event = agenda.next()) {
    await ringUntil(event.at);
    clock.moveTo(event.at);
    await event.run();
    pickUp();
    if (++events % 50 === 0) await tick();
  }
  await ringUntil(clock.now + MINUTE_MS);
  const runs = since(meter, beforeRuns);
  const beforeExpiry = costsOf(meter);
  const bytes = account.databaseSize();
  // by then photos and edits have expired, and the ledger's day is archived
  await ringUntil(clock.now + 10 * RETENTION_MS);

  const end = began + minutes * MINUTE_MS;
  const last = lengths.filter(({ at }) => at >= end - MINUTE_MS).map(({ length }) => length);
  waits.sort((a, b) => a - b);
  return {
    edits: count,
    succeeded,
    calls,
    deliveries,
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
    mostHeld,
    bytes,
  };

  /** Lets the alarm ring as often as it is due by then. */
  async function ringUntil(at: number): Promise<void> {
    while (meter.alarmAt !== null && meter.alarmAt <= at) {
      clock.moveTo(meter.alarmAt);
      meter.alarmAt = null;
      await account.alarm();
      await tick();
    }
  }
}

async function create(account: SimulatedAccount, photo: ImageRow): Promise<void> {
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
}

/** What a consumer notes before PASL locates a mask. */
async function expectMask(
  account: SimulatedAccount,
  photo: Pick<ImageRow, "id" | "sha256">,
  id: Id<"acct">,
): Promise<void> {
  const mask = { cacheKey: photo.sha256, object: `${id}/masks/${photo.sha256}/located`, image: null };
  await account.expectMasks(photo.id, [mask], Date.now() + 900_000);
}

function photoOf(account: Id<"acct">, now: number): ImageRow {
  const id = newId("img");
  const sha256 = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return {
    id,
    key: `${account}/images/${id}`,
    sha256: sha256.join(""),
    bytes: 1_500_000,
    width: 1024,
    height: 1024,
    contentType: "image/jpeg",
    createdAt: now,
    expiresAt: now + RETENTION_MS,
  };
}

const progressAt = (done: number): RunProgress => ({
  phase: "edit",
  step: Math.floor(30 * done),
  steps: 30,
  evaluations: Math.floor(120 * done),
  planned: 120,
  etaMs: 1_000,
  preview: null,
});

const resultOf = ({ edit, attempt }: Run, gpuMs: number): RunResult => ({
  mask: { key: `edits/${edit}/${attempt}/mask`, coverage: 0.08, source: "pasl" },
  result: {
    key: `edits/${edit}/${attempt}/result`,
    width: 1024,
    height: 1024,
    contentType: "image/png",
    bytes: 1_800_000,
    sha256: "0".repeat(64),
  },
  regions: [{ prompt: "a woman wearing glasses", coverage: 0.08 }],
  preservation: { psnr_outside_db: 40, ssim_outside: 0.99 },
  timings: {
    mask_ms: Math.round(SHARES.mask * gpuMs),
    inversion_ms: Math.round(SHARES.inversion * gpuMs),
    edit_ms: Math.round(SHARES.edit * gpuMs),
    evaluations: 120,
  },
  cache: { mask: false, inversion: false },
  model: { id: "mini", version: "0.1.0" },
});
