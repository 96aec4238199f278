import type { EditRow } from "./edits.ts";
import type { ImageRow } from "./images.ts";
import type { KeyRow, TokenUse } from "./keys.ts";
import type { KeyLimit, Quota } from "./limits.ts";

/** What an account knows of a token. */
export interface TokenState {
  /** The key that signed it; null if that key is unknown or revoked, and then the token opens nothing. */
  readonly key: KeyRow | null;
  /** What is left of the limits that the request counted against; none if nothing was to be counted. */
  readonly quotas: readonly Quota[];
  /** How often it was used; counted only where its uses are limited. */
  readonly uses: number;
  /** The latest edit made with it whose content is there. */
  readonly edit: EditRow | null;
}

/** What the worker asks an account about signed use. Every method is one transaction. */
export interface TokenRpc {
  /** @param limits those that the request counts against, under the limits of the key that signed the token */
  tokenState(token: {
    readonly id: string;
    readonly key: KeyRow["id"];
    readonly limits: readonly KeyLimit[];
  }): Promise<TokenState>;
  /** Takes a use of a token that allows something outside the account's tables; false if none is left. */
  useToken(use: TokenUse): Promise<boolean>;
  /** The row of an image whose upload this use allows; false if the use was taken before. */
  addUpload(image: ImageRow, use: TokenUse): Promise<boolean>;
}
