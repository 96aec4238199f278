import type { Scope } from "../../../../shared/scopes.ts";
import type { Authenticated, KeyRow } from "../contract/keys.ts";

/** @param scope null: any key has it */
export const hasScope = ({ scopes }: Pick<KeyRow, "scopes">, scope: Scope | null) =>
  scope === null || scopes.includes(scope);

/** Whether a request may go on: its key has the scope, and no limit is used up. */
export const passes = ({ key, quotas }: Authenticated, scope: Scope | null) =>
  hasScope(key, scope) && quotas.every(({ allowed }) => allowed);
