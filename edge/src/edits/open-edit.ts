import { isId } from "../../../shared/ids.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { Caller } from "../context.ts";
import { notFound } from "../problem.ts";

/** An edit of the caller's account; with a token, only one that the token created. @throws Refusal `not_found` */
export async function openEdit(caller: Caller, id: string): Promise<EditRow> {
  const row = isId("edit", id) ? await caller.account.edit(id) : null;
  if (row === null || !mayOpen(caller, row)) throw notFound("edit");
  return row;
}

const mayOpen = ({ permit }: Caller, { token }: EditRow) => permit === undefined || token === permit.use.id;
