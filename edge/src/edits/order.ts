import type { Id } from "../../../shared/ids.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import type { NewEdit } from "../account/contract/edits.ts";
import type { GivenPicture } from "./given-picture.ts";
import type { EditRequest } from "./request.ts";

/** A request whose schedule is resolved and whose pictures are read. */
export interface EditOrder {
  readonly request: Omit<EditRequest, "image" | "mask" | "schedule">;
  readonly schedule: Schedule;
  /** Its preset; null for the client's own schedule. */
  readonly preset: string | null;
  readonly image: GivenPicture;
  /** Null if PASL locates it. */
  readonly mask: GivenPicture | null;
}

type Named = { readonly id: Id<"img"> };

/** An order whose pictures are all uploaded ones. */
export type NamedOrder = EditOrder & { readonly image: Named; readonly mask: Named | null };

/** Whether its pictures are all given by id: the account then looks them up itself. */
export const isNamed = (order: EditOrder): order is NamedOrder =>
  "id" in order.image && (order.mask === null || "id" in order.mask);

/** The price of an edit, and how late the backlog would make it. */
export type Load = Pick<NewEdit, "credits" | "overrunMs">;
