import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";
import { signRequestSchema, uploadRequestSchema } from "../../../shared/sign.ts";
import { claimsSchema } from "./claims.ts";
import { granted, grantedUpload, tokenUrl } from "./grants.ts";
import { openToken, sealToken } from "./token.ts";

const grantor = { account: newId("acct"), key: newId("key") };
const NOW = Date.UTC(2026, 10, 24, 3, 0, 0, 999);
const img = newId("img");

test("a render states everything that its edit needs", async () => {
  const request = signRequestSchema.parse({
    action: "render",
    expires_in: 60,
    constraints: { image: img, prompts: [" a smile "], max_credits: 3 },
  });
  expect(await granted(grantor, request, NOW)).toMatchObject({
    act: "render",
    sub: grantor.account,
    key: grantor.key,
    exp: Math.floor(NOW / 1000) + 60,
    img,
    prompt: "a smile",
    pre: "paper",
    crd: 3,
  });
});

test("the same request twice gives two tokens, counted separately", async () => {
  const request = signRequestSchema.parse({ action: "upload", expires_in: 60, max_uses: 1 });
  const [one, other] = await Promise.all([granted(grantor, request, NOW), granted(grantor, request, NOW)]);
  expect(one.jti).not.toBe(other.jti);
});

test("twenty of the longest prompts still fit a URL", async () => {
  const prompts = Array.from({ length: 20 }, (_, i) => `${i} `.padEnd(500, "ễ"));
  const request = signRequestSchema.parse({ action: "edit", expires_in: 60, constraints: { prompts } });
  const token = await sealToken(
    ["a-secret-of-at-least-32-characters!!"],
    await granted(grantor, request, NOW),
  );
  expect(tokenUrl("https://edge.test", "edit", token).length).toBeLessThan(2_000);
  const render = {
    action: "render",
    expires_in: 60,
    constraints: { image: img, prompts: prompts.slice(0, 1) },
  };
  const secrets = ["a-secret-of-at-least-32-characters!!"] as const;
  const long = await sealToken(secrets, await granted(grantor, signRequestSchema.parse(render), NOW));
  expect(await openToken(secrets, long, NOW)).toMatchObject({ state: "open" });
});

test("an upload's URL lasts an hour, but never longer than the token it came from", () => {
  const request = uploadRequestSchema.parse({ content_type: "image/png" });
  const now = Math.floor(NOW / 1000);
  expect(grantedUpload(grantor, img, request, NOW, Number.POSITIVE_INFINITY)).toMatchObject({
    exp: now + 3_600,
    bytes: IMAGE_LIMITS.bytes,
  });
  expect(claimsSchema.parse(grantedUpload(grantor, img, request, NOW, now + 5)).exp).toBe(now + 5);
});

test.each([
  ["edit", "https://edge.test/v1/edits?token=T"],
  ["upload", "https://edge.test/v1/uploads?token=T"],
  ["render", "https://edge.test/v1/render/T"],
  ["put", "https://edge.test/v1/uploads/T"],
] as const)("where a token of action %s is used", (action, url) => {
  expect(tokenUrl("https://edge.test/", action, "T")).toBe(url);
});

const constraints = { image: img, prompts: ["a smile"] };
test.each<[string, unknown]>([
  ["no action", { expires_in: 60 }],
  ["an unknown action", { action: "admin", expires_in: 60 }],
  ["the action of an upload's URL", { action: "put", expires_in: 60 }],
  ["no end", { action: "edit" }],
  ["an end now", { action: "edit", expires_in: 0 }],
  ["an end in parts of a second", { action: "edit", expires_in: 1.5 }],
  ["an end beyond its action's longest", { action: "edit", expires_in: 7 * 86_400 + 1 }],
  ["no use", { action: "edit", expires_in: 60, max_uses: 0 }],
  ["an unknown constraint", { action: "edit", expires_in: 60, constraints: { masks: [] } }],
  ["a constraint on an upload", { action: "upload", expires_in: 60, constraints }],
  ["an empty list of prompts", { action: "edit", expires_in: 60, constraints: { prompts: [] } }],
  ["21 prompts", { action: "edit", expires_in: 60, constraints: { prompts: Array(21).fill("a smile") } }],
  ["an unknown preset", { action: "edit", expires_in: 60, constraints: { presets: ["free"] } }],
  [
    "a data URL as image",
    { action: "edit", expires_in: 60, constraints: { image: "data:image/png;base64," } },
  ],
  ["a render of nothing", { action: "render", expires_in: 60 }],
  ["a render without image", { action: "render", expires_in: 60, constraints: { prompts: ["a smile"] } }],
  [
    "a render of two prompts",
    { action: "render", expires_in: 60, constraints: { ...constraints, prompts: ["a", "b"] } },
  ],
])("a request to sign with %s is refused", (_, request) => {
  expect(signRequestSchema.safeParse(request).success).toBe(false);
});

test.each<[string, unknown]>([
  ["of a type that is no photo's", { content_type: "image/gif" }],
  ["beyond 15 MB", { content_type: "image/png", bytes: IMAGE_LIMITS.bytes + 1 }],
  ["of nothing", { content_type: "image/png", bytes: 0 }],
])("an upload %s is refused", (_, request) => {
  expect(uploadRequestSchema.safeParse(request).success).toBe(false);
});
