import type { Id } from "../../shared/ids.ts";
import type { KeyRow } from "./account/contract/keys.ts";
import type { AccountRpc } from "./account/contract/rpc.ts";
import type { Env } from "./env.ts";
import type { Permit } from "./tokens/permit.ts";

/** The caller: a key and its account, or the holder of a token signed by this key. */
export interface Caller {
  readonly id: Id<"acct">;
  readonly key: KeyRow;
  readonly account: AccountRpc;
  /** Set if a token was used instead of the key. */
  readonly permit?: Permit;
}

/** What a request carries: bindings, and what the middleware found. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** Set behind `requireKey`. */
    caller: Caller;
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
