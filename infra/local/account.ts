import { Admin } from "./admin.ts";
import type { State } from "./state.ts";

/** Credits of the development account, added once. */
const CREDITS = 10_000;

/**
 * The development key: the last start's key if it still works, otherwise a new one for a new account.
 * @throws Error if the worker refuses to create them
 */
export async function openAccount(url: string, state: State): Promise<string> {
  const known = state.secrets.account;
  if (known !== null && (await works(url, known.api_key))) return known.api_key;
  const admin = new Admin(url, state.secrets.admin_key);
  const id = await admin.openAccount("development", CREDITS);
  const apiKey = await admin.openKey(id, "development");
  state.saveAccount({ id, api_key: apiKey });
  return apiKey;
}

async function works(url: string, apiKey: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/account`, { headers: { authorization: `Bearer ${apiKey}` } });
  await answer.body?.cancel();
  return answer.ok;
}
