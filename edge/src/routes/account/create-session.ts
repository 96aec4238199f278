import { type Context, Hono } from "hono";
import type { PlaygroundSession } from "../../../../shared/playground.ts";
import type { SignRequest } from "../../../../shared/sign.ts";
import { sign } from "../../../../shared/signing.ts";
import { WINDOW_SECONDS } from "../../account/contract/limits.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { overLimit } from "../../middleware/quota.ts";
import { demoAccount } from "../../playground/demo-account.ts";
import { notFound, Refusal } from "../../problem.ts";
import { granted } from "../../tokens/grants.ts";
import { sealToken } from "../../tokens/token.ts";
import { networkOf } from "../../webhooks/addresses.ts";

/** What one visitor gets: two hours and a few dozen inexpensive edits. */
const SESSION = { expires_in: 7_200, edits: 60, uploads: 30, credits_an_edit: 20 } as const;

/** Sessions per minute per address: the `VISITS` of wrangler.toml. */
const SESSIONS = 60;

const { expires_in } = SESSION;

const EDIT: SignRequest = {
  action: "edit",
  expires_in,
  max_uses: SESSION.edits,
  constraints: { max_credits: SESSION.credits_an_edit },
};

const UPLOAD: SignRequest = { action: "upload", expires_in, max_uses: SESSION.uploads };

/**
 * `GET /playground/session`: short-lived tokens for the page at `/`, as `POST /v1/sign` would make them for a demo
 * account. The route does not exist without `PLAYGROUND_CREDITS`, nor for pages of other sites.
 */
export const createSession = new Hono<AppEnv>();

createSession.get("/playground/session", async (c) => {
  const { PLAYGROUND_CREDITS: budget, signingSecrets } = settingsOf(c.env);
  if (budget === undefined) throw notFound("address");
  if (!["same-origin", undefined].includes(c.req.header("Sec-Fetch-Site")))
    throw new Refusal("forbidden", "only the playground's own page may ask for this");
  await countVisit(c);
  const { rpc, ...grantor } = await demoAccount(c.env, budget);
  c.set("accountId", grantor.account);
  const { balance = 0 } = (await rpc.summary()) ?? {};
  if (balance <= 0) throw new Refusal("insufficient_credits", "the demo budget is used up");
  const [edit, upload] = await Promise.all(
    [EDIT, UPLOAD].map(async (request) => {
      const claims = await granted(grantor, request, Date.now());
      return { token: await sealToken(signingSecrets, claims), exp: claims.exp };
    }),
  );
  if (edit === undefined || upload === undefined) throw new Error("no token was made");
  const answer: PlaygroundSession = {
    edit_token: edit.token,
    upload_token: upload.token,
    expires_at: new Date(Math.min(edit.exp, upload.exp) * 1000).toISOString(),
    edits: SESSION.edits,
    credits: balance,
  };
  return c.json(answer);
});

/** An address is stored only as its HMAC; for IPv6 a home has a whole /64. @throws Refusal `rate_limited` */
async function countVisit(c: Context<AppEnv>): Promise<void> {
  const network = networkOf(c.req.header("CF-Connecting-IP") ?? "");
  const key = await sign(settingsOf(c.env).signingSecrets, "tenant", `visitor\n${network}`);
  const { success } = await c.env.VISITS.limit({ key });
  if (!success) throw overLimit({ name: "requests", limit: SESSIONS, resetSeconds: WINDOW_SECONDS });
}
