// A fake wrangler that changes a file instead of a Cloudflare account. Its output is that of wrangler 4.155.
// Environment: FAKE_ACCOUNT (the file).
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fakeAccountSchema } from "./fake-account.fixture.ts";

const file = process.env.FAKE_ACCOUNT ?? "";
const account = fakeAccountSchema.parse(JSON.parse(readFileSync(file, "utf8")));
account.calls.push(process.argv.slice(2).join(" "));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    force: { type: "boolean" },
    format: { type: "string" },
    name: { type: "string" },
    "expire-days": { type: "string" },
    var: { type: "string", multiple: true },
    "secrets-file": { type: "string" },
  },
});

class Failure extends Error {}

const API = "A request to the Cloudflare API (/accounts/1/r2/buckets) failed.\n\n ";

function rulesOf(bucket: string) {
  const rules = account.buckets[bucket];
  if (rules === undefined) throw new Failure(`${API} The specified bucket does not exist. [code: 10006]`);
  return rules;
}

const shownRule = (name: string, prefix: string, action: string) =>
  `name:     ${name}\nenabled:  Yes\nprefix:   ${prefix}\naction:   ${action}`;

/** Each command, and its output for its arguments. */
const COMMANDS: Readonly<Record<string, (...args: string[]) => string>> = {
  whoami() {
    if (account.login === null) process.exitCode = 1;
    return JSON.stringify(account.login ?? { loggedIn: false }, null, 2);
  },
  "secret list"() {
    if (account.secrets === null)
      throw new Failure(
        'Worker "flux-sculptor" not found.\n\nIf this is a new Worker, run `wrangler deploy` …',
      );
    return JSON.stringify(
      account.secrets.map((name) => ({ name, type: "secret_text" })),
      null,
      2,
    );
  },
  "r2 bucket create"(bucket = "") {
    account.buckets[bucket] = [];
    return `✅ Created bucket '${bucket}' with default storage class of Standard.`;
  },
  "r2 bucket lifecycle list"(bucket = "") {
    const shown = rulesOf(bucket).map(({ name, prefix, days }) =>
      shownRule(name, prefix, `Expire objects after ${days} days`),
    );
    const abort = "Abort incomplete multipart uploads after 7 days";
    const own = shownRule("Default Multipart Abort Rule", "(all prefixes)", abort);
    return `Listing lifecycle rules for bucket '${bucket}'...\n${[own, ...shown].join("\n\n")}`;
  },
  "r2 bucket lifecycle remove"(bucket = "") {
    account.buckets[bucket] = rulesOf(bucket).filter((rule) => rule.name !== values.name);
    return `Lifecycle rule '${values.name}' removed from bucket '${bucket}'.`;
  },
  "r2 bucket lifecycle add"(bucket = "", name = "", prefix = "") {
    rulesOf(bucket).push({ name, prefix, days: Number(values["expire-days"]) });
    return `✨ Added lifecycle rule '${name}' to bucket '${bucket}'.`;
  },
  "queues create"(queue = "") {
    account.queues.push(queue);
    return `🌀 Creating queue '${queue}'\n✅ Created queue '${queue}'`;
  },
  "queues info"(queue = "") {
    if (!account.queues.includes(queue))
      throw new Failure(
        `Queue "${queue}" does not exist. To create it, run: wrangler queues create ${queue}`,
      );
    return `Queue Name: ${queue}\nQueue ID: 1\nNumber of Producers: 0\nNumber of Consumers: 0`;
  },
  deploy() {
    account.secrets ??= [];
    return "Uploaded flux-sculptor (2.01 sec)\nCurrent Version ID: 0d3c2f5e-0000-4000-8000-000000000000";
  },
};

try {
  const name = Object.keys(COMMANDS).find((each) => `${positionals.join(" ")} `.startsWith(`${each} `));
  if (name === undefined) throw new Failure(`Unknown arguments: ${positionals.join(", ")}`);
  if (account.broken === name) throw new Failure(`${API} internal error [code: 10001]`);
  process.stdout.write(`${COMMANDS[name]?.(...positionals.slice(name.split(" ").length))}\n`);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`\n✘ [ERROR] ${error.message}\n\n\n🪵  Logs were written to "/tmp/wrangler.log"\n`);
  process.exitCode = 1;
}
writeFileSync(file, JSON.stringify(account));
