// `npm run audit` against a registry of the tests: npm itself asks and makes the report.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bulletin, startRegistry } from "./registry.fixture.ts";

const COMMAND = join(import.meta.dirname, "./main.ts");

/** A run of the command: its exit status and output. */
function audit(registry: string, args: readonly string[] = []): Promise<{ status: number; said: string }> {
  // npm_config_… would otherwise say where the surrounding `npm test` looks
  const env = { ...process.env, npm_config_registry: registry, npm_config_loglevel: "silent" };
  return new Promise((resolve) =>
    execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === "number" ? error.code : 0, said: stdout + stderr }),
    ),
  );
}

const bulletin = (id: number, versions: string): Bulletin => ({
  id,
  url: `https://github.com/advisories/GHSA-test-test-${id}`,
  title: "made up for a test",
  severity: "high",
  vulnerable_versions: versions,
});

test("an advisory for an installed version fails the audit; one for other versions does not", async () => {
  const registry = await startRegistry({ zod: [bulletin(1001, "<99")], hono: [bulletin(1002, "<1")] });
  try {
    const { status, said } = await audit(registry.url);
    expect(status).toBe(1);
    expect(said).toContain("GHSA-test-test-1001 zod <99 (high): made up for a test");
    expect(said).not.toContain("1002");
  } finally {
    await registry.stop();
  }
});

test("advisories for development packages do not count if those are left out", async () => {
  const registry = await startRegistry({ vite: [bulletin(1003, "<99")] });
  try {
    expect(await audit(registry.url)).toMatchObject({ status: 1 });
    const { status, said } = await audit(registry.url, ["--omit", "dev"]);
    expect(said).toMatch(/advisories {2}\d+ packages asked about, 0 advisories/);
    expect(status).toBe(0);
  } finally {
    await registry.stop();
  }
});

test("if the registry answers no audit, or is unreachable, one line says so and the exit code is 3", async () => {
  const registry = await startRegistry();
  const refusing = await audit(registry.url).finally(() => registry.stop());
  for (const { status, said } of [refusing, await audit(registry.url)]) {
    expect(status).toBe(3);
    expect(said).toMatch(/^advisories {2}not known: the registry answers no audit \(.+\)$/m);
  }
});

test("wrong usage ends with 2", async () => {
  expect(await audit("http://127.0.0.1:9/", ["--omit", "everything"])).toMatchObject({ status: 2 });
});
