import { execFileSync } from "node:child_process";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { readMemory } from "./memory.ts";

const SCRIPT = `export default { fetch: () => new Response("hi") };`;
const ROUND = 4_000;
const AT_A_TIME = 4;

/** Resident memory of the local runtime under a worker that does nothing, after each of so many thousands of requests. */
export async function* bareRuntime(rounds: number): AsyncGenerator<{ requests: number; mb: number }> {
  const options = { modules: true, script: SCRIPT, port: 0, compatibilityDate: "2026-10-01" } as const;
  const runtime = new Miniflare(convertV4MiniflareOptions(options));
  try {
    const url = await runtime.ready;
    const group = Number(
      execFileSync("ps", ["-o", "pgid=", "-p", String(process.pid)], { encoding: "utf8" }),
    );
    for (let round = 1; round <= rounds; round++) {
      await Promise.all(
        Array.from({ length: AT_A_TIME }, async () => {
          for (let sent = 0; sent < ROUND / AT_A_TIME; sent++) await (await fetch(url)).text();
        }),
      );
      const workerd = readMemory({ bare: group }, 0).find(({ process }) => process === "bare: workerd");
      yield { requests: round * ROUND, mb: workerd?.mb ?? Number.NaN };
    }
  } finally {
    await runtime.dispose();
  }
}
