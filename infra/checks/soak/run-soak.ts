import { freePort } from "../../local/ports.ts";
import { Arrivals, pause } from "./arrivals.ts";
import type { Customer } from "./customer.ts";
import { EditClient } from "./edit-client.ts";
import { Http } from "./http.ts";
import { type Reading, readMemory } from "./memory.ts";
import { Receiver } from "./receiver.ts";
import { Recorder } from "./record.ts";
import { type Phase, type Scenario, steadyRate } from "./scenario.ts";
import { CREDITS, startSystem } from "./system.ts";

/** Between two looks at memory, accounts and the queue, in milliseconds. */
const LOOK_MS = 1_000;

/** Longest that webhooks of the last edits may still be on their way, and a render run, in milliseconds. */
const DELIVERY_MS = 30_000;

/** Each of these comes so often with one edit. */
const BESIDE = { list: 0.2, mask: 0.4, render: 0.3, sign: 0.2, photoOfADay: 0.1 } as const;

/** What one run saw. */
export interface Run {
  readonly recorder: Recorder;
  readonly memory: readonly Reading[];
  /** Edits that were unfinished at a time, as the clients knew. */
  readonly queue: readonly { readonly at: number; readonly unfinished: number }[];
  /** Credits of each account after the last edit has ended. */
  readonly ends: readonly { readonly customer: string; readonly held: number; readonly spent: number }[];
}

/** Runs a scenario against a separate system. */
export async function runSoak(scenario: Scenario, say: (line: string) => void): Promise<Run> {
  const recorder = new Recorder();
  const system = await startSystem(scenario, say);
  const receiver = await Receiver.open(recorder, await freePort());
  try {
    const http = new Http(system.stack.url, recorder);
    await fill(system.stack.url, scenario.fill);
    const customers = await system.customers(http);
    const { deadlineMs, returns } = scenario;
    const edits = new EditClient({ recorder, webhookUrl: receiver.url, deadlineMs, returns });
    const memory: Reading[] = [];
    const queue: { at: number; unfinished: number }[] = [];
    const looking = new AbortController();
    const looks = look(looking.signal, async () => {
      const at = recorder.now();
      const groups = Object.entries(system.stack.parts).map(([name, part]) => [name, part.pid()]);
      memory.push(...readMemory(Object.fromEntries(groups), at));
      queue.push({ at, unfinished: recorder.unfinished() });
      const accounts = await Promise.all(customers.map((customer) => customer.account()));
      const known = accounts.filter((account) => account !== null);
      if (known.length === accounts.length)
        recorder.held.push({ at, held: known.reduce((sum, { held }) => sum + held, 0) });
    });

    const arrivals = new Arrivals();
    let phase: Phase | undefined = scenario.phases[0];
    customers.forEach((customer, index) => {
      const times = () => (index === 0 ? phase?.loud : phase?.others) ?? 1;
      begin(arrivals, customer, edits, scenario, times);
    });
    for (phase of scenario.phases) {
      recorder.enter(phase.name);
      say(`${phase.name}: ${phase.seconds} s${phase.untilCalm ? " at most" : ""}`);
      await lasted(phase, recorder, queue);
    }
    recorder.leave();
    await arrivals.stop();
    await edits.settled();
    // webhooks of the last edits, and a signed render that nobody follows
    const delivered = Date.now() + DELIVERY_MS;
    const isUnderWay = async () => undelivered(recorder) || (await holds(customers));
    while (Date.now() < delivered && (await isUnderWay())) await pause(500);
    looking.abort();
    await looks;
    const ends = await Promise.all(
      customers.map(async (customer) => {
        const account = await customer.account();
        if (account === null) throw new Error(`${customer.name} cannot read its account after all is over`);
        return { customer: customer.name, held: account.held, spent: CREDITS - account.balance };
      }),
    );
    return { recorder, memory, queue, ends };
  } finally {
    await receiver.close();
    await system.stop();
  }
}

/**
 * Brings the local runtime's memory to its size: what it keeps of every request is collected late, after some ten
 * thousand of them, whatever the worker does (`--bare` shows it).
 */
async function fill(url: string, requests: number): Promise<void> {
  let left = requests;
  const one = async () => {
    while (left-- > 0) await (await fetch(`${url}/v1/presets`)).arrayBuffer();
  };
  await Promise.all(Array.from({ length: FILLING }, one));
}

/** Starts everything that a customer does, at its share of the steady rate and as many times that. */
function begin(
  arrivals: Arrivals,
  customer: Customer,
  edits: EditClient,
  scenario: Scenario,
  times: () => number,
): void {
  const rate = (anEdit: number) => () => (times() * anEdit * steadyRate(scenario)) / scenario.customers;
  arrivals.start(rate(1), () => edits.begin(customer));
  arrivals.start(rate(scenario.readsAnEdit), () => customer.read());
  arrivals.start(rate(BESIDE.list * scenario.readsAnEdit), () => customer.list());
  arrivals.start(rate(BESIDE.render * scenario.readsAnEdit), () => customer.render());
  arrivals.start(rate(BESIDE.sign * scenario.readsAnEdit), () => customer.sign());
  arrivals.start(rate(BESIDE.mask), () => customer.mask());
  arrivals.start(rate(BESIDE.photoOfADay), () => customer.photoOfADay());
}

/** Waits for a phase's end. Calm is a queue that was as short for a while as it was nearly always in the steady phase. */
async function lasted({ seconds, untilCalm }: Phase, recorder: Recorder, queue: Run["queue"]): Promise<void> {
  const until = recorder.now() + seconds * 1000;
  const steady = recorder.phases.find(({ name }) => name === "steady");
  const usual = queue
    .filter(({ at }) => steady !== undefined && at >= steady.from && at < steady.to)
    .map(({ unfinished }) => unfinished)
    .sort((a, b) => a - b);
  const most = usual[Math.floor(0.95 * usual.length)] ?? 0;
  let calm = 0;
  while (recorder.now() < until && calm < CALM_LOOKS) {
    await pause(LOOK_MS);
    calm = untilCalm && recorder.unfinished() <= most ? calm + 1 : 0;
  }
}

/** Requests at a time that fill the runtime's memory. */
const FILLING = 8;

/** So many looks in a row are calm. */
const CALM_LOOKS = 15;

async function look(signal: AbortSignal, once: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await once();
    await pause(LOOK_MS, signal);
  }
}

async function holds(customers: readonly Customer[]): Promise<boolean> {
  const accounts = await Promise.all(customers.map((customer) => customer.account()));
  return accounts.some((account) => account === null || account.held > 0);
}

const undelivered = ({ edits }: Recorder) =>
  [...edits.values()].some(({ wantsWebhook, webhooks }) => wantsWebhook && webhooks === 0);
