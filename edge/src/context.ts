import type { Id } from "../../shared/ids.ts";
import type { KeyRow } from "./account/contract/keys.ts";
import type { AccountRpc } from "./account/contract/rpc.ts";
import type { Env } from "./env.ts";
import type { Permit } from "./tokens/permit.ts";

/** Who asks: a key and its account, or who holds a token that this key signed. */
export interface Caller {
  readonly id: Id<"acct">;
  readonly key: KeyRow;
  readonly account: AccountRpc;
  /** Set where a token came in place of the key. */
  readonly permit?: Permit;
}

/** What a request carries along: bindings, and what the middleware found out. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** Set behind `requireKey`. */
    caller: Caller;
    /** For the log line: the edit that a request was about. */
    editId: Id<"edit"> | undefined;
    /** For the log line where nobody is the caller: the account a request was about. */
    accountId: Id<"acct"> | undefined;
  };
}

/** The object of one account, seen through its contract. */
export function accountOf(env: Env, id: Id<"acct">): AccountRpc {
  return env.ACCOUNTS.getByName(id) as unknown as AccountRpc;
}
