import { afterAll } from "vitest";
import type { EditMessage } from "../src/account/contract/edits.ts";
import worker, { Runner } from "../src/index.ts";

/**
 * Lets every test file end without open work: a queue delivery, or a request to another service, that is in progress
 * while the file's isolate is torn down blocks the test pool for good.
 */
const TICK_MS = 25;
const CALM_TICKS = 6;
/** A request by an object that was reset meanwhile never ends: once aborted, it is no longer awaited. */
const REQUEST_TICKS = 40;
const MOST_TICKS = 400;

const end = new AbortController();
const underWay = { runs: 0, requests: 0, ended: 0 };

async function counted<T>(kind: "runs" | "requests", work: () => Promise<T>): Promise<T> {
  underWay[kind] += 1;
  try {
    return await work();
  } finally {
    underWay[kind] -= 1;
    underWay.ended += 1;
  }
}

const outbound = globalThis.fetch;
globalThis.fetch = (...parts) =>
  counted("requests", () => {
    const request = new Request(...parts);
    // a receiver that never answers does not delay the end
    return outbound(request, { signal: AbortSignal.any([request.signal, end.signal]) });
  });

const consume = worker.queue;
// messages that a file left in the queue no longer matter once its last test is over
worker.queue = (batch: MessageBatch<EditMessage>, ...rest) =>
  counted("runs", async () => (end.signal.aborted ? batch.ackAll() : consume(batch, ...rest)));

const { begin } = Runner.prototype;
// a runner outlives its consumer: it is over when all its runs are
Runner.prototype.begin = async function (message) {
  const begun = begin.call(this, message);
  counted("runs", () => begun.then(() => this.alarm())).catch(() => {});
  return begun;
};

// counted in ticks: tests leave the clock wherever they moved it
afterAll(async () => {
  end.abort();
  for (let tick = 0, calm = 0, ended = underWay.ended; calm < CALM_TICKS; tick++) {
    if (tick > MOST_TICKS) throw new Error("a run outlives its test file: hold it back or let it end");
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    const busy = underWay.runs > 0 || (underWay.requests > 0 && tick < REQUEST_TICKS);
    calm = busy || ended !== underWay.ended ? 0 : calm + 1;
    ended = underWay.ended;
  }
}, 30_000);
