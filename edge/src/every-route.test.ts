import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SCOPES, type Scope } from "../../shared/scopes.ts";
import { answer, bindings, type Customer, call, customer, refusal } from "../test/client.ts";
import { FakeGpu } from "../test/fake-gpu.ts";
import { OPERATIONS } from "../test/operations/all.ts";
import type { Ask, Operation } from "../test/operations/operation.ts";

// What holds for every operation. Test names carry their cell of the table in edge/README.md: [operation · column].

let gpu: FakeGpu;

beforeAll(() => {
  gpu = new FakeGpu();
});

afterAll(() => gpu[Symbol.dispose]());

const send = ({ path, ...request }: Ask, key?: string) =>
  call(path, { ...request, ...(key !== undefined && { key }) });

/** A customer whose key has every scope. */
const owner = () => customer({ scopes: SCOPES });

/** Another key of the same account. */
async function keyOf({ account }: Customer, rights: { scopes?: readonly Scope[]; limits?: object }) {
  const body = { account, name: "another", scopes: SCOPES, ...rights };
  return (await answer<{ key: string }>(call("/v1/keys", { key: bindings.ADMIN_KEY ?? "", body }), 201)).key;
}

/** The same request with some changes; headers are added. */
const changed = (ask: Ask, { headers, ...change }: Partial<Ask>): Ask => ({
  ...ask,
  ...change,
  headers: { ...ask.headers, ...headers },
});

const keyed = OPERATIONS.filter(({ access }) => typeof access === "object");

/** A request on behalf of the operation's owner. */
async function prepared({ access, ask }: Operation) {
  const who = await owner();
  const request = await ask(who);
  return { who, request, key: keyFor(access, who) };
}

function keyFor(access: Operation["access"], { key }: Customer): string | undefined {
  if (access === "operator") return bindings.ADMIN_KEY;
  return typeof access === "object" ? key : undefined;
}

describe.each(OPERATIONS)("$name", (operation) => {
  const { name, status, wrong } = operation;

  test(`[${name} · happy] does what it says`, async () => {
    const { request, key } = await prepared(operation);
    const response = await send(request, key);
    expect(response.status, await response.clone().text()).toBe(status);
    expect(response.headers.get("X-Request-Id")).toBeTruthy();
    await response.body?.cancel();
  });

  if (wrong !== undefined)
    test(`[${name} · validation] refuses invalid input with its code`, async () => {
      const { request, key } = await prepared(operation);
      for (const [change, refused, code] of wrong())
        await refusal(send(changed(request, change), key), refused, code);
    });
});

describe.each(keyed)("$name", (operation) => {
  const { name, access } = operation;
  const { scope } = access as { scope: Scope | null };

  test(`[${name} · auth] without a key, with another's words, from a browser`, async () => {
    const { request, who } = await prepared(operation);
    await refusal(send(request), 401, "unauthorized");
    const altered = `${who.key.slice(0, -1)}${who.key.endsWith("0") ? "1" : "0"}`;
    await refusal(send(request, altered), 401, "unauthorized");
    const page = changed(request, { headers: { Origin: "https://app.example" } });
    await refusal(send(page, who.key), 403, "forbidden");
  });

  if (scope !== null)
    test(`[${name} · scope] a key with every scope but ${scope}`, async () => {
      const { request, who } = await prepared(operation);
      const scopes = SCOPES.filter((each) => each !== scope);
      await refusal(send(request, await keyOf(who, { scopes })), 403, "forbidden");
    });

  test(`[${name} · rate limit] over the limit of a key`, async () => {
    const { request, who } = await prepared(operation);
    const key = await keyOf(who, { limits: { requests: 1, edits: 1 } });
    // the counter lets everything pass while Upstash is slow
    await vi.waitFor(
      async () => {
        const response = await send(request, key);
        if (response.status !== 429) await response.body?.cancel();
        expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
        expect(response.headers.get("RateLimit")).toContain("r=0");
        await refusal(response, 429, "rate_limited");
      },
      { timeout: 15_000, interval: 20 },
    );
  });
});

describe.each(OPERATIONS.filter(({ access }) => access === "operator"))("$name", (operation) => {
  const { name } = operation;

  test(`[${name} · auth] without a key, with another's words, from a browser`, async () => {
    const { request, key = "" } = await prepared(operation);
    await refusal(send(request), 401, "unauthorized");
    await refusal(send(request, `${key}x`), 401, "unauthorized");
    const page = changed(request, { headers: { Origin: "https://app.example" } });
    await refusal(send(page, key), 403, "forbidden");
  });

  test(`[${name} · scope] a key of an account with every scope`, async () => {
    const { request, who } = await prepared(operation);
    await refusal(send(request, who.key), 403, "forbidden");
  });
});

describe.each(OPERATIONS.filter(({ other }) => other !== undefined))("$name", (operation) => {
  const { name, status, other } = operation;

  test(`[${name} · idempotency] the same key gives the same answer, and no other`, async () => {
    const { request, key } = await prepared(operation);
    const once = changed(request, { headers: { "Idempotency-Key": "order-1044" } });
    const [first, again] = [await send(once, key), await send(once, key)];
    expect([first.headers.get("Idempotent-Replayed"), again.headers.get("Idempotent-Replayed")]).toEqual([
      null,
      "true",
    ]);
    expect(first.status).toBe(status);
    expect(again.ok).toBe(true);
    expect(await idIn(again)).toBe(await idIn(first));
    if (other) await refusal(send(other(once), key), 409, "idempotency_mismatch");
  });
});

describe.each(OPERATIONS.filter(({ owned }) => owned))("$name", (operation) => {
  test(`[${operation.name} · ownership] to another account it is as if it were not there`, async () => {
    const { request } = await prepared(operation);
    const stranger = await owner();
    const { detail } = await refusal(send(request, stranger.key), 404, "not_found");
    expect(detail).toMatch(/^there is no such /);
  });
});

describe.each(OPERATIONS.filter(({ forged }) => forged !== undefined))("$name", (operation) => {
  const { name, forged } = operation;

  test(`[${name} · auth] an altered signature, and none`, async () => {
    const { request } = await prepared(operation);
    const [status, code] = forged ?? [403, "forbidden"];
    for (const forgery of forgeries(request)) await refusal(send(forgery), status, code);
  });
});

/** The id of the object that an answer describes, if it has one. */
async function idIn(response: Response): Promise<unknown> {
  const body: object = await response.json();
  return "id" in body ? body.id : null;
}

/** The same request with the last letter of its signature changed, and without a signature. */
function forgeries(request: Ask): Ask[] {
  const signature = request.headers?.["Stripe-Signature"];
  if (signature !== undefined) {
    const header = (value: string) => changed(request, { headers: { "Stripe-Signature": value } });
    return [header(turned(signature)), header("")];
  }
  const { path } = request;
  const bare = path.includes("?")
    ? path.slice(0, path.indexOf("?"))
    : `${path.slice(0, path.lastIndexOf("/"))}/x`;
  return [changed(request, { path: turned(path) }), changed(request, { path: bare })];
}

const turned = (text: string) => `${text.slice(0, -2)}${text.at(-2) === "0" ? "1" : "0"}${text.at(-1)}`;

test("every operation of the contract is here, with each column that it can have", async () => {
  const { paths } = await answer<{ paths: Record<string, Record<string, { security?: object[] }>> }>(
    call("/openapi.json"),
    200,
  );
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { security = [] }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      secured: security.length > 0,
    })),
  );
  expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(documented.map(({ name }) => name).sort());
  for (const { name, access, other, owned, forged, wrong } of OPERATIONS) {
    const secured = typeof access === "object" || access === "operator";
    expect(secured, name).toBe(documented.find((each) => each.name === name)?.secured);
    expect(access === "signature", name).toBe(forged !== undefined);
    if (secured && name.startsWith("POST")) expect(other, name).toBeDefined();
    if (typeof access === "object" && /\{id\}/.test(name)) expect(owned, name).toBe(true);
    if (/^(POST|PUT) /.test(name) && name !== "POST /v1/account/webhook-secret")
      expect(wrong, name).toBeDefined();
  }
});
