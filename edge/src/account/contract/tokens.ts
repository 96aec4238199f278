import type { EditRow } from "./edits.ts";
import type { ImageRow } from "./images.ts";
import type { KeyRow, TokenUse } from "./keys.ts";
import type { KeyLimit, Quota } from "./limits.ts";

/** What an account knows about a token. */
export interface TokenState {
  /** The key that signed it; null if that key is unknown or revoked, and then the token is not valid. */
  readonly key: KeyRow | null;
  /** What is left of the limits that the request counted against; none if nothing was counted. */
  readonly quotas: readonly Quota[];
  /** How often it was used; counted only if its uses are limited. */
  readonly uses: number;
  /** The latest edit made with it whose content still exists. */
  readonly edit: EditRow | null;
}

/** Calls of the worker about signed use. Every method is one transaction. */
export interface TokenRpc {
  /** @param limits those that the request counts against, below the limits of the key that signed the token */
  tokenState(token: {
    readonly id: string;
    readonly key: KeyRow["id"];
    readonly limits: readonly KeyLimit[];
  }): Promise<TokenState>;
  /** Takes a use of a token whose effect lies outside the account's tables; false if none is left. */
  useToken(use: TokenUse): Promise<boolean>;
  /** The row of the image whose upload this use allows; false if the use was already taken. */
  addUpload(image: ImageRow, use: TokenUse): Promise<boolean>;
}
