import type { Context } from "hono";
import type { CreateOutcome, NewEdit } from "../account/contract/edits.ts";
import type { Authenticated, Credential } from "../account/contract/keys.ts";
import { hasScope } from "../account/rules/passes.ts";
import type { Admitting, AppEnv, Asker, Caller } from "../context.ts";
import { DeadKeys } from "../keys/dead-keys.ts";
import { Refusal } from "../problem.ts";
import { countsForAccount, quotaHeaders, refuseExceeded } from "./quota.ts";

/** Keys that their account did not know, by id and hash. */
const dead = new DeadKeys();

const nameOf = ({ id, secretSha256 }: Credential) => `${id} ${secretSha256}`;

export const unauthorized = (detail: string) =>
  new Refusal("unauthorized", detail, { headers: { "WWW-Authenticate": 'Bearer realm="flux-sculptor"' } });

/**
 * Admits the request of a key. Its account is asked once: alone, or in one call with the edit that the request is for,
 * which saves a way to the account and back.
 */
export class Admission implements Admitting {
  readonly #c: Context<AppEnv>;
  readonly #asker: Asker;
  readonly #credential: Credential;
  #found: { readonly caller: Caller } | { readonly refusal: unknown } | null = null;
  #counted = false;

  /** @throws Refusal `unauthorized` for a key that its account did not know before */
  constructor(c: Context<AppEnv>, asker: Asker, credential: Credential) {
    if (dead.has(nameOf(credential))) throw unauthorized("the key is not valid");
    this.#c = c;
    this.#asker = asker;
    this.#credential = credential;
  }

  /** Whether the request counts for the whole account. */
  get counted(): boolean {
    return this.#counted;
  }

  async caller(): Promise<Caller> {
    if (this.#found === null) this.#take(await this.#asker.account.authenticate(this.#credential));
    return this.#settled();
  }

  async createEdit(edit: NewEdit): Promise<CreateOutcome> {
    const { account } = this.#asker;
    if (this.#found !== null) return account.createEdit(edit);
    const { authenticated, outcome } = await account.createEditWith(this.#credential, edit);
    this.#take(authenticated);
    await this.#settled();
    if (outcome === null) throw new Error("an account neither refuses a key nor answers");
    return outcome;
  }

  #settled(): Caller {
    if (this.#found === null) throw new Error("the account was not asked");
    if ("refusal" in this.#found) throw this.#found.refusal;
    return this.#found.caller;
  }

  #take(authenticated: Authenticated | null): void {
    try {
      this.#found = { caller: this.#admit(authenticated) };
    } catch (refusal) {
      this.#found = { refusal };
    }
  }

  #admit(authenticated: Authenticated | null): Caller {
    if (authenticated === null) {
      dead.add(nameOf(this.#credential));
      throw unauthorized("the key is not valid");
    }
    const caller = { ...this.#asker, key: authenticated.key };
    this.#c.set("caller", caller);
    const { scope } = this.#credential;
    if (!hasScope(caller.key, scope)) throw new Refusal("forbidden", `this key lacks the scope "${scope}"`);
    const { quotas } = authenticated;
    this.#counted = countsForAccount(quotas);
    for (const [name, value] of quotaHeaders(quotas)) this.#c.header(name, value);
    refuseExceeded(quotas);
    return caller;
  }
}
