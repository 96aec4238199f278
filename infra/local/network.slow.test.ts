// A phone's view: the worker is reached at another address of this machine, and every answer uses that address.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fetch, follow, type Session, start, upload } from "../../edge/docs/examples/mobile/flow.ts";
import { signer } from "../../edge/docs/examples/mobile/server.ts";
import { createClient } from "../../shared/client/src/index.ts";
import { openAccount } from "./account.ts";
import { PORTRAIT } from "./client.fixture.ts";
import { freePort } from "./ports.ts";
import { networkAddress, publicUrlOf, startSettings } from "./settings.ts";
import { type Stack, startStack } from "./stack.ts";
import { openState } from "./state.ts";
import { MOCK } from "./upstash/server.ts";

/** An address of this machine that nothing else uses. */
const ADDRESS = networkAddress() ?? "127.0.0.2";

const folder = mkdtempSync(join(tmpdir(), "flux-network-"));
let stack: Stack;
let publicUrl: string;
let key: string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  const port = await freePort();
  publicUrl = `http://${ADDRESS}:${port}`;
  const state = openState(folder);
  const gpu = "infra/local/gpu-stub/server.ts";
  const where = { host: "0.0.0.0", port, publicUrl };
  stack = await startStack({
    state,
    gpu,
    gpuEnv: { DELAY_MS: "20" },
    redisServer: MOCK,
    say: () => {},
    ...where,
  });
  await stack.workerUp();
  key = await openAccount(stack.url, state);
  await stack.gpuReady();
}, 180_000);

afterAll(async () => {
  for (const close of closing) close();
  await stack.stop();
  rmSync(folder, { recursive: true });
});

test("an app's whole flow works from another address: session, upload, edit, events, picture, shared link", async () => {
  const app = signer(createClient({ url: publicUrl, key }));
  const origin = await new Promise<string>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: ADDRESS }, ({ port }) =>
      resolve(`http://${ADDRESS}:${port}`),
    );
    closing.push(() => server.close());
  });
  const asked: string[] = [];
  const phone = ((address: string, init?: RequestInit) => {
    asked.push(address);
    return fetch(address, init);
  }) as unknown as Fetch;
  const session = (await (await fetch(`${origin}/session`, { method: "POST" })).json()) as Session;
  const photo = { bytes: new Uint8Array(readFileSync(PORTRAIT)), type: "image/png" };
  const image = await upload(phone, session, photo);
  const edit = await start(phone, session, { image, prompt: "a woman wearing glasses" });
  let picture: string | undefined;
  for await (const { event, data } of follow(phone, edit))
    if (event === "succeeded") picture = data.image?.url;
  expect(picture).toBeDefined();
  expect((await fetch(picture ?? "")).headers.get("content-type")).toBe("image/png");
  expect(asked.length).toBeGreaterThan(3);
  for (const address of [...asked, picture ?? "", edit.urls.cancel])
    expect(new URL(address).origin).toBe(publicUrl);

  const body = JSON.stringify({ image, prompt: "a woman with bangs" });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin}/share`, { method: "POST", headers, body });
  const shared = (await answer.json()) as { url: string; until: string };
  expect(new URL(shared.url).origin).toBe(publicUrl);
  // the photo is erased before the link expires: the answer says so
  expect(Date.parse(shared.until)).toBeLessThan(Date.now() + 25 * 3_600_000);
  expect((await fetch(shared.url)).headers.get("content-type")).toBe("image/png");
}, 90_000);

test("HOST and PUBLIC_URL decide which address clients see", () => {
  const addressFor = (env: Record<string, string>) => publicUrlOf(startSettings({ PORT: "8787", ...env }));
  expect(addressFor({})).toBe("http://127.0.0.1:8787");
  expect(addressFor({ HOST: "192.168.1.7" })).toBe("http://192.168.1.7:8787");
  expect(addressFor({ HOST: "0.0.0.0" })).toBe(`http://${networkAddress() ?? "127.0.0.1"}:8787`);
  expect(addressFor({ PUBLIC_URL: "http://10.0.2.2:8787/" })).toBe("http://10.0.2.2:8787");
  expect(() => addressFor({ PUBLIC_URL: "10.0.2.2" })).toThrow(/^PUBLIC_URL: /);
  expect(() => addressFor({ HOST: "a b" })).toThrow(/^HOST: /);
});
