import { z } from "zod";

/** Parses the output of wrangler 4.155. */

const whoamiSchema = z.object({
  loggedIn: z.literal(true),
  email: z.string().nullish(),
  accounts: z.array(z.object({ name: z.string(), id: z.string() })),
});

export type Identity = z.output<typeof whoamiSchema>;

/** `whoami --json`; null if nobody is logged in. */
export function identityIn(stdout: string): Identity | null {
  return jsonIn(stdout, whoamiSchema);
}

/** Names of a worker's secrets, from `secret list`; null if the output is not such a list. */
export function secretsIn(stdout: string): string[] | null {
  return jsonIn(stdout, z.array(z.object({ name: z.string() })))?.map(({ name }) => name) ?? null;
}

/** R2's NoSuchBucket. */
export const saysNoBucket = (output: string) => /\[code: 10006\]|bucket does not exist/i.test(output);

export const saysNoQueue = (output: string) => /Queue ".*" does not exist/.test(output);

/** Also what `secret list` says before the first deployment. */
export const saysNoWorker = (output: string) =>
  /Worker ".*".* not found|\[code: 10007\]|does not exist on your account/.test(output);

/** Days after which a lifecycle rule expires objects, from `r2 bucket lifecycle list`; null if there is no such rule. */
export function expiryDaysIn(output: string, rule: string): number | null {
  const blocks = output.split(/\n\s*\n/);
  const block = blocks.find((text) => new RegExp(`^name:\\s+${rule}\\s*$`, "m").test(text));
  const [, days] = /Expire objects after (\d+) days/.exec(block ?? "") ?? [];
  return days === undefined ? null : Number(days);
}

/** The line that states the error. */
export function errorIn(output: string): string {
  const [, marked] = /\[ERROR\]\s*(.+)/.exec(output) ?? [];
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (marked ?? lines.at(-1) ?? "no output").trim();
}

/** The first JSON document in a text that may start with other lines. */
function jsonIn<S extends z.ZodType>(text: string, schema: S): z.output<S> | null {
  const start = text.search(/^[[{]/m);
  if (start === -1) return null;
  try {
    return schema.parse(JSON.parse(text.slice(start)));
  } catch {
    return null; // JSON of another shape
  }
}
