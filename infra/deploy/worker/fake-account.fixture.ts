import { z } from "zod";

/** The fake wrangler's Cloudflare account. */
export const fakeAccountSchema = z.object({
  /** The answer of `whoami --json`; null if nobody is logged in. */
  login: z
    .object({
      loggedIn: z.literal(true),
      email: z.string(),
      accounts: z.array(z.object({ name: z.string(), id: z.string() })),
    })
    .nullable(),
  /** Lifecycle rules by bucket. */
  buckets: z.record(
    z.string(),
    z.array(z.object({ name: z.string(), prefix: z.string(), days: z.number() })),
  ),
  queues: z.array(z.string()),
  /** Names of the worker's secrets; null if it was never deployed. */
  secrets: z.array(z.string()).nullable(),
  /** A command for which the API returns an error. */
  broken: z.string().nullable(),
  /** Every command line so far. */
  calls: z.array(z.string()),
});

export type FakeAccount = z.output<typeof fakeAccountSchema>;
