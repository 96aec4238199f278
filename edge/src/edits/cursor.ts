import type { Id } from "../../../shared/ids.ts";
import { sign, verify } from "../../../shared/signing.ts";
import type { EditPosition } from "../account/contract/reading.ts";
import type { Settings } from "../env.ts";
import { invalid } from "../problem.ts";

const CURSOR = /^([0-9a-z]{1,12})_([0-9a-z]{1,12})_([0-9a-f]{64})$/;

/** A cursor belongs to an account: it does not work for another one. */
const message = (account: Id<"acct">, createdAt: string, row: string) =>
  `edits\n${account}\n${createdAt}\n${row}`;

/** The end of a page as clients send it back: a position and its signature. */
export async function sealCursor(
  { signingSecrets }: Settings,
  account: Id<"acct">,
  { createdAt, row }: EditPosition,
): Promise<string> {
  const [at, number] = [createdAt.toString(36), row.toString(36)];
  return `${at}_${number}_${await sign(signingSecrets, "cursor", message(account, at, number))}`;
}

/** @throws Refusal `invalid_request` for a cursor that was not issued to this account */
export async function openCursor(
  { signingSecrets }: Settings,
  account: Id<"acct">,
  cursor: string,
): Promise<EditPosition> {
  const [, at = "", number = "", signature = ""] = CURSOR.exec(cursor) ?? [];
  if (!(await verify(signingSecrets, "cursor", message(account, at, number), signature)))
    throw invalid("cursor", "not a cursor that this list gave");
  return { createdAt: Number.parseInt(at, 36), row: Number.parseInt(number, 36) };
}
