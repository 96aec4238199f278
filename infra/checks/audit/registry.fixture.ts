import { serve } from "@hono/node-server";
import { Hono } from "hono";

/** An advisory as `POST /-/npm/v1/security/advisories/bulk` answers it. */
export interface Bulletin {
  readonly id: number;
  readonly url: string;
  readonly title: string;
  readonly severity: "low" | "moderate" | "high" | "critical";
  readonly vulnerable_versions: string;
}

/**
 * As much of a registry as npm asks for an audit: it answers every bulk question with these advisories, and knows no
 * package. Without advisories it refuses the question with 405, as mirrors do that only hand out packages.
 */
export async function startRegistry(
  advisories?: Readonly<Record<string, readonly Bulletin[]>>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const app = new Hono();
  app.post("/-/npm/v1/security/advisories/bulk", (c) =>
    advisories === undefined ? c.body(null, 405, { Allow: "GET, HEAD" }) : c.json(advisories),
  );
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  const port = await new Promise<number>((resolve) =>
    server.once("listening", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    }),
  );
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}/`, stop };
}
