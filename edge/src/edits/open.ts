import { isId } from "../../../shared/ids.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { Caller } from "../context.ts";
import { notFound } from "../problem.ts";

/** An edit of the caller's account; under a token, one that this token made. @throws Refusal `not_found` */
export async function openEdit(caller: Caller, id: string): Promise<EditRow> {
  const row = isId("edit", id) ? await caller.account.edit(id) : null;
  if (row === null || !mayOpen(caller, row)) throw notFound("edit");
  return row;
}

const mayOpen = ({ permit }: Caller, { token }: EditRow) => permit === undefined || token === permit.use.id;
