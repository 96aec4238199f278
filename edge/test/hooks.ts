import { Hono } from "hono";

/** What a receiver got: headers and body as received. */
export interface Arrival {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const arrivals = new Map<string, Arrival[]>();

/**
 * Webhook receivers, one per address: `https://HOST.hooks.test/BOX?answers=500,204` answers a POST with the statuses in
 * turn (the last one repeats; 0 never answers), and a GET lists what arrived.
 */
export const hooks = new Hono();

hooks.post("*", async (c) => {
  const { host, pathname } = new URL(c.req.url);
  const box = arrivals.get(host + pathname) ?? [];
  arrivals.set(host + pathname, box);
  box.push({ headers: c.req.header(), body: await c.req.text() });
  const answers = (c.req.query("answers") ?? "204").split(",").map(Number);
  const status = answers[Math.min(box.length, answers.length) - 1] ?? 204;
  if (status === 0) return new Promise<Response>(() => {});
  const headers = status >= 300 && status < 400 ? { location: `https://${host}/elsewhere` } : undefined;
  return new Response(null, { status, ...(headers && { headers }) });
});

hooks.get("*", (c) => {
  const { host, pathname } = new URL(c.req.url);
  return c.json(arrivals.get(host + pathname) ?? []);
});
