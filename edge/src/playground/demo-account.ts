import { type Id, type IdPrefix, randomSymbols, symbols } from "../../../shared/ids.ts";
import { sha256, sign } from "../../../shared/signing.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { accountOf } from "../context.ts";
import { type Env, type Settings, settingsOf } from "../env.ts";
import { enterKey } from "../keys/directory.ts";
import type { Grantor } from "../tokens/grants.ts";

const NAME = "playground";

/** Requests and edits per minute of each token that the demo key signs. */
const LIMITS = { requests: 600, edits: 30 } as const;

/** The account that visitors of the playground spend from, and the key that signs for them. */
export interface DemoAccount extends Grantor {
  readonly rpc: AccountRpc;
}

/** Already opened in this isolate, by settings: opening again would change nothing. */
const opened = new WeakSet<Settings>();

/**
 * The demo account, opened on first use. Its budget is added once; later credits come as for any account. Its key has
 * no secret that anyone knows: it only signs tokens, and revoking it invalidates all of them for good.
 * @param credits the whole budget
 */
export async function demoAccount(env: Env, credits: number): Promise<DemoAccount> {
  const settings = settingsOf(env);
  const [account, key] = await Promise.all([idOf(settings, "acct"), idOf(settings, "key")]);
  const demo = { account, key, rpc: accountOf(env, account) };
  if (!opened.has(settings)) await open(env, demo, credits);
  opened.add(settings);
  return demo;
}

async function open(env: Env, { account, key, rpc }: DemoAccount, amount: number): Promise<void> {
  await rpc.open({ id: account, name: NAME });
  await rpc.addCredits({ amount, reason: NAME, reference: NAME });
  await enterKey(env.IMAGES, key, account);
  const secretSha256 = await sha256(randomSymbols());
  await rpc.addKey({ id: key, name: NAME, secretSha256, scopes: ["sign"], limits: LIMITS });
}

/** The same id at every start, derived from the signing secret. */
async function idOf<P extends IdPrefix>({ signingSecrets }: Settings, prefix: P): Promise<Id<P>> {
  const mac = await sign(signingSecrets, "tenant", `${NAME}\n${prefix}`);
  const bytes = Uint8Array.from(mac.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return `${prefix}_${symbols(bytes)}`;
}
