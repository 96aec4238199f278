import { afterAll } from "vitest";

/**
 * Ends each test file in quiet: a queue delivery of the worker that still talks to a neighbour while the file's isolate
 * is taken down blocks the test pool for good.
 */
const QUIET_MS = 150;
const PATIENCE_MS = 10_000;

let underWay = 0;
let lastEnd = 0;

const outbound = globalThis.fetch;
globalThis.fetch = async (...request) => {
  underWay += 1;
  try {
    return await outbound(...request);
  } finally {
    underWay -= 1;
    lastEnd = Date.now();
  }
};

afterAll(async () => {
  const until = Date.now() + PATIENCE_MS;
  while ((underWay > 0 || Date.now() - lastEnd < QUIET_MS) && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
}, 2 * PATIENCE_MS);
