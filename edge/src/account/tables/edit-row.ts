import type { EditStatus } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { EditRow } from "../contract/edits.ts";
import type { Job } from "../rules/lifecycle.ts";

/** The result of a successful run. */
export type Outcome = Pick<
  EditRow,
  "mask" | "result" | "regions" | "reading" | "preservation" | "timings" | "cache"
>;

/** What a run stores with its edit. */
export interface Left {
  readonly outcome: Outcome;
  readonly model: EditRow["model"];
}

/** A stored edit: what clients see, and what the queue needs to know. */
export type StoredEdit = EditRow & Job;

export type Row = {
  id: string;
  status: EditStatus;
  attempt: number;
  spent: number;
  lease_until: number | null;
  not_before: number;
  send_at: number;
  sends: number;
  deadline_at: number;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  expires_at: number;
  credits: number;
  captured: number;
  input_json: string;
  model_json: string;
  outcome_json: string | null;
  error_json: string | null;
  token: string | null;
};

export const NO_OUTCOME: Outcome = {
  mask: null,
  result: null,
  regions: [],
  preservation: null,
  timings: null,
  cache: { mask: false, inversion: false },
};

export function editOf(row: Row, account: Id<"acct">): StoredEdit {
  const outcome: Outcome = row.outcome_json === null ? NO_OUTCOME : JSON.parse(row.outcome_json);
  return {
    id: row.id as Id<"edit">,
    account,
    token: row.token,
    status: row.status,
    attempt: row.attempt,
    spent: row.spent,
    leaseUntil: row.lease_until,
    notBefore: row.not_before,
    sendAt: row.send_at,
    sends: row.sends,
    input: JSON.parse(row.input_json),
    model: JSON.parse(row.model_json),
    credits: row.credits,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    deadlineAt: row.deadline_at,
    expiresAt: row.expires_at,
    ...outcome,
    captured: row.captured,
    progress: null,
    error: row.error_json === null ? null : JSON.parse(row.error_json),
  };
}
