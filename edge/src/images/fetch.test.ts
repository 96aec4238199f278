import { expect, test } from "vitest";
import type { Edit } from "../../../shared/edit.ts";
import { signFileUrl } from "../../../shared/signing.ts";
import { answer, bindings, call, customer, refusal } from "../../test/client.ts";
import { png } from "../../test/pictures.ts";
import { signed, withToken } from "../../test/signed.ts";
import { settingsOf } from "../env.ts";

const HOST = "https://photos.test";
const prompt = "a woman wearing glasses";

const edit = (key: string, image: string, headers = {}) =>
  call("/v1/edits", { key, headers, body: { image, prompt } });

test("an image may be at a public address, even behind a redirect; its content decides its format", async () => {
  const { key } = await customer();
  await answer(edit(key, `${HOST}/portrait.png`), 202);
  await answer(edit(key, `${HOST}/jump?to=/portrait.png`), 202);
  await answer(
    call("/v1/edits", { key, body: { image: `${HOST}/portrait.png`, mask: `${HOST}/portrait.png`, prompt } }),
    202,
  );
});

test("one Idempotency-Key, one edit: the address stands for the image", async () => {
  const { key } = await customer();
  const headers = { "Idempotency-Key": "from-an-address" };
  const first = await answer<Edit>(edit(key, `${HOST}/portrait.png`, headers), 202);
  const again = await edit(key, `${HOST}/portrait.png`, headers);
  expect((await again.json<Edit>()).id).toBe(first.id);
  await refusal(edit(key, `${HOST}/jump?to=/portrait.png`, headers), 409, "idempotency_mismatch");
});

const deepJump = (hops: number): string =>
  hops === 0 ? `${HOST}/portrait.png` : `${HOST}/jump?to=${encodeURIComponent(deepJump(hops - 1))}`;

test.each([
  ["http://photos.test/portrait.png", /image: the URL must be https/],
  ["https://127.0.0.1/portrait.png", /must be on the public internet/],
  ["https://[::ffff:169.254.169.254]/latest", /must be on the public internet/],
  ["https://metadata.internal/", /must be on the public internet/],
  ["https://user:pass@photos.test/portrait.png", /must not carry a user name/],
  [
    `${HOST}/jump?to=https://10.0.0.1/`,
    /redirects to one that is refused: it must be on the public internet/,
  ],
  [`${HOST}/jump?to=http://photos.test/portrait.png`, /redirects to one that is refused: it must be https/],
  [`${HOST}/jump?to=file:///etc/passwd`, /redirects to one that is refused/],
  [deepJump(4), /redirects more than 3 times/],
  [`${HOST}/nothing`, /photos\.test answered 404; the URL must be public/],
  ["https://", /not a URL/],
])("%s is not fetched", async (image, sentence) => {
  const { key } = await customer();
  const { detail, errors } = await refusal(edit(key, image), 422, "invalid_request");
  expect(detail).toMatch(sentence);
  expect(errors?.map(({ path }) => path)).toEqual(["image"]);
});

test("three redirects are followed", async () => {
  const { key } = await customer();
  await answer(edit(key, deepJump(3)), 202);
});

test("a file that is too large is not read to its end, and a page is refused as a picture", async () => {
  const { key } = await customer();
  await refusal(edit(key, `${HOST}/large`), 413, "payload_too_large");
  await refusal(edit(key, `${HOST}/endless`), 413, "payload_too_large");
  const { detail } = await refusal(edit(key, `${HOST}/page`), 422, "image_rejected");
  expect(detail).toMatch(/this is text/);
});

test("a token fetches no other addresses", async () => {
  const { key } = await customer();
  const token = await signed(key, { action: "edit" });
  const body = { image: `${HOST}/portrait.png`, prompt };
  await refusal(call(withToken("/v1/edits", token), { body }), 403, "forbidden");
});

test("a signed address of our own, such as a result's, is read from storage; an altered one is not", async () => {
  const { key, account } = await customer();
  const object = `${account}/images/result`;
  await bindings.IMAGES.put(object, png(64, 64));
  const expires = Math.floor(Date.now() / 1000) + 60;
  const { signingSecrets, PUBLIC_URL } = settingsOf(bindings);
  const url = await signFileUrl(signingSecrets, PUBLIC_URL, { method: "GET", key: object, expires });
  await answer(edit(key, url), 202);
  await refusal(
    edit(key, url.replace("images%2Fresult", "images%2Fother").replace("images/result", "images/other")),
    422,
    "invalid_request",
  );
});
