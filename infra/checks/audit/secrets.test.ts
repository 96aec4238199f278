// Secrets come only through bindings: none is in the repository, and none is among a deployment's variables.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { newApiKey } from "../../../shared/api-key.ts";
import { newId } from "../../../shared/ids.ts";
import { ROOT } from "./project.ts";
import { environmentReads, secretsIn, secretVariables } from "./secrets.ts";

const text = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** A line of .gitignore as globs: this project's are names, and paths from the root. */
function ignored(line: string): string[] {
  const path = line.startsWith("/") ? line.slice(1) : `**/${line}`;
  return path.endsWith("/") ? [`${path}**`] : [path, `${path}/**`];
}

/** False positives: the contract's examples, and an address in a test that is refused. */
const FIXTURES = [
  "edge/src/images/fetch.test.ts: @secretlint/secretlint-rule-basicauth",
  "edge/src/routes/account/rotate-webhook-secret.ts: a secret of webhooks",
  "edge/src/routes/admin/create-account.ts: a secret of webhooks",
  "edge/src/routes/edits/create-edit.webhook.test.ts: @secretlint/secretlint-rule-basicauth",
];

/** Maximum length of a source that is scanned; longer files are pictures, models or bundles of libraries. */
const LONGEST = 1_000_000;

test("no file of the repository contains a secret", { timeout: 120_000 }, async () => {
  const ignore = [
    ".git/**",
    ...text(".gitignore").split("\n").filter(Boolean).flatMap(ignored),
    "**/*.{png,jpg,webp,onnx,safetensors}",
  ];
  const files = globSync("**", { cwd: ROOT, dot: true, ignore }).sort();
  expect(files.length).toBeGreaterThan(500);
  expect(files).toContain(".ci/run");
  expect(files).toContain("wrangler.toml");
  const found: string[] = [];
  for (const file of files) {
    if (statSync(join(ROOT, file)).size > LONGEST) continue;
    const content = text(file);
    if (content.includes("\0")) continue;
    for (const { kind } of await secretsIn(file, content)) found.push(`${file}: ${kind}`);
  }
  expect(found).toEqual(FIXTURES);
});

test("a secret is found, and its value is not repeated", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { text: key } = await newApiKey(["x".repeat(32)], newId("acct"), newId("key"));
  const random = (bytes: number) => randomBytes(bytes).toString("hex");
  const secrets = [
    String(privateKey.export({ type: "pkcs8", format: "pem" })),
    String(privateKey.export({ type: "sec1", format: "pem" })),
    key,
    `whsec_${randomBytes(24).toString("base64")}`,
    `sk_live_${random(12)}`,
    `hf_${random(17)}`,
    `ghp_${random(18)}`,
    `eyJhbGciOiJkaXIifQ..${random(8)}.${random(20)}.${random(8)}`,
  ];
  for (const secret of secrets) {
    const found = await secretsIn("notes.md", `first line\nhere: ${secret}\n`);
    expect(
      found.map(({ line }) => line),
      secret,
    ).toContain(2);
    expect(JSON.stringify(found)).not.toContain(secret);
  }
});

test("text that only mentions secrets is not a finding", async () => {
  const prose =
    "`sk_ACCOUNT_KEY_SECRET_MAC`, `whsec_…`, sk_test_fake, Bearer $KEY, hf_…, risk-assessment-of-everything";
  expect(await secretsIn("notes.md", prose)).toEqual([]);
});

test("the worker's sources, and those it shares, read no environment", () => {
  const files = globSync(["edge/src/**/*.ts", "shared/*.ts"], { cwd: ROOT, ignore: "**/*.test.ts" });
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => environmentReads(text(file)).length > 0)).toEqual([]);
  for (const line of ["const a = process.env.A;", 'import { env } from "node:process";', "import.meta.env.A"])
    expect(environmentReads(`\n${line}`), line).toEqual([2]);
});

test("no variable of the deployment is a secret", () => {
  const { vars } = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  expect(Object.keys(vars)).toContain("PUBLIC_URL");
  expect(secretVariables(vars)).toEqual([]);
  const secrets = {
    SIGNING_SECRET: "x",
    ADMIN_KEY: "x",
    UPSTASH_REDIS_REST_TOKEN: "x",
    GPU_URL: "https://user:word@gpu.example",
    MODEL: randomBytes(24).toString("hex"),
  };
  expect(secretVariables(secrets)).toEqual(Object.keys(secrets));
});
