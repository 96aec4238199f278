import type { Id } from "../../shared/ids.ts";
import type { CreateOutcome, NewEdit } from "./account/contract/edits.ts";
import type { KeyRow } from "./account/contract/keys.ts";
import type { AccountRpc } from "./account/contract/rpc.ts";
import type { Env } from "./env.ts";
import type { Permit } from "./tokens/permit.ts";

/** Who asks, by the name in a key that we issued, or in a token: its account may still refuse the key. */
export interface Asker {
  readonly id: Id<"acct">;
  readonly account: AccountRpc;
  /** Set if a token was used instead of the key. */
  readonly permit?: Permit;
}

/** The caller: a key and its account, or the holder of a token signed by this key. */
export interface Caller extends Asker {
  readonly key: KeyRow;
}

/** How a key is confirmed: by its account, alone or in one call with the edit that it asks for. */
export interface Admitting {
  /** @throws Refusal `unauthorized`, `forbidden`, `rate_limited` */
  caller(): Promise<Caller>;
  /** @throws Refusal as `caller` */
  createEdit(edit: NewEdit): Promise<CreateOutcome>;
}

/** What a request carries: bindings, and what the middleware found. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** Set behind `requireKey`, once the account knows the key. */
    caller: Caller;
    /** Set behind `requireKey`, at once. */
    asker: Asker;
    /** Set behind `requireKey` unless a token was used. */
    admission: Admitting | undefined;
    /** For the log line: the edit that the request concerns. */
    editId: Id<"edit"> | undefined;
    /** For the log line if there is no caller: the account that the request concerns. */
    accountId: Id<"acct"> | undefined;
  };
}

/** An account's object, typed by its contract. */
export function accountOf(env: Env, id: Id<"acct">): AccountRpc {
  return env.ACCOUNTS.getByName(id) as unknown as AccountRpc;
}
