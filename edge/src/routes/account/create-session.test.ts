import { expect, test } from "vitest";
import { playgroundSessionSchema } from "../../../../shared/playground.ts";
import { answer, bindings, call, refusal } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { png } from "../../../test/pictures.ts";
import { app } from "../../app.ts";

let root = 0;

/** A separate installation: another signing secret means another demo account. */
const installation = (credits: string) => ({
  ...bindings,
  SIGNING_SECRET: `signing-secret-of-a-playground-${root++}-0123456789`,
  PLAYGROUND_CREDITS: credits,
});

const ask = (env: object, path = "/playground/session", init: RequestInit = {}) =>
  Promise.resolve(app.request(path, init, env));

test("without a budget the route does not exist", async () => {
  await refusal(call("/playground/session"), 404, "not_found");
});

test("a page of another site gets no tokens", async () => {
  const headers = { "Sec-Fetch-Site": "cross-site" };
  await refusal(ask(installation("5"), undefined, { headers }), 403, "forbidden");
});

test("a visitor uploads, locates and edits with tokens alone, within the budget", async () => {
  using _gpu = new FakeGpu();
  const env = installation("1");
  const session = playgroundSessionSchema.parse(await answer(ask(env), 200));
  expect(session).toMatchObject({ credits: 1, edits: 60 });
  const json = (path: string, token: string, body: object) =>
    ask(env, `${path}?token=${token}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Length": String(JSON.stringify(body).length) },
      body: JSON.stringify(body),
    });
  const upload = json("/v1/uploads", session.upload_token, { content_type: "image/png" });
  const { image_id: image, url } = await answer<{ image_id: string; url: string }>(upload, 200);
  const photo = png(96, 96);
  const headers = { "Content-Type": "image/png", "Content-Length": String(photo.byteLength) };
  await answer(ask(env, new URL(url).pathname, { method: "PUT", headers, body: photo }), 201);
  const order = { image, prompt: "a woman wearing glasses" };
  expect((await json("/v1/edits", session.edit_token, order)).status).toBe(202);
  await refusal(json("/v1/edits", session.edit_token, order), 402, "insufficient_credits");
  // another visit opens the same account: its budget is added once
  await refusal(ask(env), 402, "insufficient_credits");
  // a token is not a key: the account's routes stay closed
  await refusal(ask(env, `/v1/account?token=${session.edit_token}`), 401, "unauthorized");
});

test("visits are counted per address", async () => {
  const env = installation("5");
  const headers = { "CF-Connecting-IP": "192.0.2.7" };
  const visits = await Promise.all(Array.from({ length: 65 }, () => ask(env, undefined, { headers })));
  const statuses = visits.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(5);
});

test("addresses in the same IPv6 /64 are one visitor", async () => {
  const env = installation("5");
  const visit = (address: string) => ask(env, undefined, { headers: { "CF-Connecting-IP": address } });
  const visits = await Promise.all(
    Array.from({ length: 65 }, (_, index) => visit(`2001:db8:1:2::${index.toString(16)}`)),
  );
  expect(visits.filter(({ status }) => status === 429)).toHaveLength(5);
  expect((await visit("2001:db8:1:3::1")).status).toBe(200);
});
