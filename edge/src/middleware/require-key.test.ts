import { expect, test } from "vitest";
import { newApiKey } from "../../../shared/api-key.ts";
import { newId } from "../../../shared/ids.ts";
import { answer, bindings, call, customer, refusal } from "../../test/client.ts";
import { settingsOf } from "../env.ts";

test("without a valid key: 401, and how to send one", async () => {
  const { key } = await customer();
  const { signingSecrets } = settingsOf(bindings);
  const { text: unknown } = await newApiKey(signingSecrets, newId("acct"), newId("key"));
  const { text: foreign } = await newApiKey(
    ["another root secret, 32 characters"],
    newId("acct"),
    newId("key"),
  );
  for (const wrong of [
    undefined,
    "x",
    "sk_1",
    foreign,
    unknown,
    `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`,
  ]) {
    const response = await call("/v1/account", { key: wrong });
    expect(response.headers.get("WWW-Authenticate")).toBe('Bearer realm="flux-sculptor"');
    await refusal(response, 401, "unauthorized");
  }
  const [, account, id, secret, mac] = key.split("_");
  const turned = `${secret?.slice(1)}${secret?.[0]}`;
  await refusal(call("/v1/account", { key: `sk_${account}_${id}_${turned}_${mac}` }), 401, "unauthorized");
  await refusal(call("/v1/account", { headers: { Authorization: `Basic ${key}` } }), 401, "unauthorized");
});

test("a secret key is refused from a browser, and the page may read the reason", async () => {
  const { key } = await customer();
  const response = await call("/v1/account", { key, headers: { Origin: "https://app.example" } });
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  await refusal(response, 403, "forbidden");
  await refusal(call("/v1/account", { key, headers: { Origin: "null" } }), 403, "forbidden");
});

test("answers report what is left of the limits; above them: 429 and when to return", async () => {
  const { key } = await customer({ limits: { requests: 3, edits: 60 } });
  const first = await call("/v1/account", { key });
  expect(first.headers.get("RateLimit-Policy")).toBe('"requests";q=3;w=60, "account-requests";q=6000;w=60');
  expect(first.headers.get("RateLimit")).toMatch(/^"requests";r=2;t=\d+, "account-requests";r=5999;t=\d+$/);
  const answers: Response[] = [];
  for (let i = 0; i < 4; i++) answers.push(await call("/v1/account", { key }));
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(refused?.headers.get("RateLimit")).toMatch(/^"requests";r=0;t=\d+, /);
  await refusal(refused ?? first, 429, "rate_limited");
});

test("edits have their own limit", async () => {
  const { key } = await customer({ limits: { edits: 1 } });
  const post = () => call("/v1/edits", { key, body: {} });
  const first = await post();
  expect(first.headers.get("RateLimit-Policy")).toBe(
    '"requests";q=1200;w=60, "edits";q=1;w=60, "account-requests";q=6000;w=60, "account-edits";q=300;w=60',
  );
  await refusal(first, 422, "invalid_request");
  const statuses = [(await post()).status, (await post()).status];
  expect(statuses).toContain(429);
  await answer(call("/v1/account", { key }), 200);
});

test("the keys of one account share its limits; another account has its own", async () => {
  const { key, account } = await customer();
  const body = { account, name: "another" };
  const made = await answer<{ key: string }>(call("/v1/keys", { key: bindings.ADMIN_KEY ?? "", body }), 201);
  const left = async (caller: string) => {
    const { headers } = await call("/v1/account", { key: caller });
    return Number(/"account-requests";r=(\d+)/.exec(headers.get("RateLimit") ?? "")?.[1]);
  };
  const whole = settingsOf(bindings).ACCOUNT_REQUESTS_A_MINUTE;
  expect([await left(key), await left(made.key)]).toEqual([whole - 1, whole - 2]);
  expect(await left((await customer()).key)).toBe(whole - 1);
});
