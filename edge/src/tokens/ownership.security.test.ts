import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Edit } from "../../../shared/edit.ts";
import type { Signed, Upload } from "../../../shared/sign.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { png } from "../../test/pictures.ts";
import { signed, withToken } from "../../test/signed.ts";
import { app } from "../app.ts";

const PROMPT = "a woman wearing glasses";

test("an edit token reads the edits it created and no others", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const [one, two] = await Promise.all([signed(key, { action: "edit" }), signed(key, { action: "edit" })]);
  const body = { image, prompt: PROMPT };
  const made = await answer<Edit>(call(one.url, { body }), 202);
  const owners = await answer<Edit>(call("/v1/edits", { key, body }), 202);
  await answer(call(withToken(`/v1/edits/${made.id}`, one)), 200);
  await refusal(call(withToken(`/v1/edits/${made.id}`, two)), 404, "not_found");
  await refusal(call(withToken(`/v1/edits/${owners.id}`, one)), 404, "not_found");
  for (const id of [made.id, owners.id]) {
    await refusal(call(withToken(`/v1/edits/${id}/events`, two)), 404, "not_found");
    await refusal(call(withToken(`/v1/edits/${id}/cancel`, two), { method: "POST" }), 404, "not_found");
    await refusal(call(withToken(`/v1/edits/${id}`, two), { method: "DELETE" }), 401, "unauthorized");
  }
  await answer(call(`/v1/edits/${made.id}`, { key }), 200);
});

test("[GET /v1/edits/{id} · ownership] [POST /v1/masks · ownership] a token opens nothing of another account", async () => {
  using _queue = new HeldQueue();
  const [one, other] = await Promise.all([customer(), customer()]);
  const image = await uploaded(other.key);
  const token = await signed(one.key, { action: "edit" });
  const edit = await answer<Edit>(
    call("/v1/edits", { key: other.key, body: { image, prompt: PROMPT } }),
    202,
  );
  await refusal(call(withToken(`/v1/edits/${edit.id}`, token)), 404, "not_found");
  for (const path of ["/v1/edits", "/v1/masks"])
    await refusal(call(withToken(path, token), { body: { image, prompt: PROMPT } }), 404, "not_found");
  const mine = await uploaded(one.key);
  const body = { image: mine, prompt: PROMPT, mask: image };
  await refusal(call(token.url, { body }), 404, "not_found");
});

test("a token does only what its action allows", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const [edit, upload, render] = await Promise.all([
    signed(key, { action: "edit" }),
    signed(key, { action: "upload" }),
    signed(key, { action: "render", constraints: { image, prompts: [PROMPT] } }),
  ]);
  const put = new URL(
    (await answer<Upload>(call(upload.url, { body: { content_type: "image/png" } }), 200)).url,
  );
  const begun = {
    token: put.pathname.split("/").at(-1) ?? "",
    url: "",
    expires_at: "",
    image_expires_at: null,
  };
  const order = { image, prompt: PROMPT };
  for (const token of [upload, render, begun]) {
    await refusal(call(withToken("/v1/edits", token), { body: order }), 403, "forbidden");
    await refusal(call(withToken("/v1/masks", token), { body: order }), 403, "forbidden");
  }
  for (const token of [edit, render, begun])
    await refusal(
      call(withToken("/v1/uploads", token), { body: { content_type: "image/png" } }),
      403,
      "forbidden",
    );
  for (const { token } of [edit, upload, begun]) await refusal(call(`/v1/render/${token}`), 403, "forbidden");
  const headers = { "Content-Type": "image/png" };
  for (const { token } of [edit, upload, render])
    await refusal(
      call(`/v1/uploads/${token}`, { method: "PUT", body: png(64, 64), headers }),
      403,
      "forbidden",
    );
});

test("a token is not a key: all other routes ignore it", async () => {
  using _queue = new HeldQueue();
  const { key, account, keyId } = await customer();
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit" });
  const calls: [string, string][] = [
    ["GET", "/v1/account"],
    ["GET", "/v1/edits"],
    ["GET", "/v1/usage"],
    ["POST", "/v1/images"],
    ["POST", "/v1/sign"],
    ["POST", "/v1/keys"],
    ["POST", "/v1/accounts"],
    ["POST", `/v1/accounts/${account}/credits`],
    ["DELETE", `/v1/images/${image}`],
    ["DELETE", `/v1/keys/${keyId}`],
  ];
  for (const [method, path] of calls) {
    const answered = await call(withToken(path, token), { method, ...(method === "POST" && { body: {} }) });
    expect([method, path, answered.status]).toEqual([method, path, 401]);
  }
  const asKey = call("/v1/account", { headers: { Authorization: `Bearer ${token.token}` } });
  await refusal(asKey, 401, "unauthorized");
});

test("tokens of a revoked key are refused", async () => {
  using _queue = new HeldQueue();
  const { key, keyId } = await customer();
  const image = await uploaded(key);
  const [edit, upload] = await Promise.all([
    signed(key, { action: "edit" }),
    signed(key, { action: "upload" }),
  ]);
  const { url } = await answer<Upload>(call(upload.url, { body: { content_type: "image/png" } }), 200);
  await call(`/v1/keys/${keyId}`, { method: "DELETE", key: bindings.ADMIN_KEY ?? "" });
  await refusal(call(edit.url, { body: { image, prompt: PROMPT } }), 401, "unauthorized");
  await refusal(call(upload.url, { body: { content_type: "image/png" } }), 401, "unauthorized");
  const headers = { "Content-Type": "image/png" };
  await refusal(call(url, { method: "PUT", body: png(64, 64), headers }), 403, "forbidden");
});

test("an altered token is refused on every route that takes one", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const { token, ...rest } = await signed(key, { action: "edit" });
  for (const at of [0, 30, 60, 75, 90, token.length - 1]) {
    const letter = token[at] === "A" ? "B" : "A";
    const other = { ...rest, token: token.slice(0, at) + letter + token.slice(at + 1) };
    await refusal(
      call(withToken("/v1/edits", other), { body: { image, prompt: PROMPT } }),
      401,
      "unauthorized",
    );
    await refusal(call(`/v1/render/${other.token}`), 403, "forbidden");
  }
});

test("secrets rotate: keys, tokens and URLs of the previous one stay valid until it is removed", async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer();
  const image = await uploaded(key);
  const constraints = { image, prompts: [PROMPT] };
  const render = await signed(key, { action: "render", constraints });
  const edit = await signed(key, { action: "edit", constraints });
  const waiting = { Prefer: "wait=60" };
  const made = await answer<Edit>(call(edit.url, { body: { image, prompt: PROMPT }, headers: waiting }), 200);
  expect((await call(render.url)).status).toBe(200);

  const next = "the-next-signing-secret-0123456789-abc";
  const statusesUnder = async (secrets: { SIGNING_SECRET: string; SIGNING_SECRET_PREVIOUS?: string }) => {
    const requests = [
      new Request("https://edge.test/v1/account", { headers: { Authorization: `Bearer ${key}` } }),
      new Request(made.urls.self),
      new Request(render.url),
      new Request(made.image?.url ?? ""),
    ];
    const answers = requests.map((request) => app.fetch(request, { ...env, ...secrets }));
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  const previous = env.SIGNING_SECRET;
  const rotated = { SIGNING_SECRET: next, SIGNING_SECRET_PREVIOUS: previous };
  expect(await statusesUnder(rotated)).toEqual([200, 200, 200, 200]);
  expect(await statusesUnder({ SIGNING_SECRET: next })).toEqual([401, 401, 403, 403]);
});

test("a token bound to one image accepts masks made from that image, or sent along, and no other picture", async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer();
  const [image, other] = [await uploaded(key), await uploaded(key, png(64, 80, [], 7))];
  const { url } = await answer<Signed>(
    call("/v1/sign", { key, body: { action: "edit", expires_in: 600, constraints: { image } } }),
    200,
  );
  const maskOf = async (photo: string) =>
    (
      await answer<{ mask: { id: string } }>(
        call("/v1/masks", { key, body: { image: photo, prompt: PROMPT } }),
        200,
      )
    ).mask.id;
  const [own, foreign] = [await maskOf(image), await maskOf(other)];
  const alternatives = [{ prompt: PROMPT }, { prompt: "a man with a beard" }];
  const several = url.replace("/v1/edits", "/v1/alternatives");
  for (const mask of [other, foreign, image]) {
    await refusal(call(url, { body: { image, mask, prompt: PROMPT } }), 403, "forbidden");
    await refusal(call(several, { body: { image, mask, alternatives } }), 403, "forbidden");
  }
  // it gets as far as the size check: the fake's masks have one pixel
  await refusal(call(url, { body: { image, mask: own, prompt: PROMPT } }), 422, "invalid_request");
  const drawn = `data:image/png;base64,${btoa(String.fromCharCode(...png(64, 80)))}`;
  await answer(call(url, { body: { image, mask: drawn, prompt: PROMPT } }), 202);
});
