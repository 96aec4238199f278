import type { EditRow } from "../account/contract/edits.ts";

/**
 * A row of Workers Analytics Engine. The first blob says what it is of; the account is the index, by which rows are
 * sampled, so that a busy account does not hide the others. No prompt, image, key, address or token is in any.
 *
 * | blob1   | blob2  | blob3      | blob4        | blob5 | blob6  | double1  | double2  | double3 …                              |
 * |---------|--------|------------|--------------|-------|--------|----------|----------|----------------------------------------|
 * | request | route  | method     | policies off |       |        | status   | ms       |                                        |
 * | edit    | status | error code | mask source  | model | policy | attempts | total ms | queue, mask, inversion, edit ms; evaluations; credits |
 */
export interface DataPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

export interface AnsweredRequest {
  /** Its account, or undefined if there is no known caller. */
  readonly account: string | undefined;
  readonly method: string;
  /** The route's pattern, null if no route matched. */
  readonly route: string | null;
  readonly status: number;
  readonly ms: number;
  /** Policies of moderation that are turned off. */
  readonly off: readonly string[];
}

const NOBODY = "none";

export function requestPoint(answered: AnsweredRequest): DataPoint {
  const { account, method, route, status, ms, off } = answered;
  return {
    indexes: [account ?? NOBODY],
    blobs: ["request", route ?? NOBODY, method, off.join(" ")],
    doubles: [status, ms],
  };
}

export type FinishedEdit = Pick<
  EditRow,
  | "account"
  | "status"
  | "attempt"
  | "error"
  | "mask"
  | "model"
  | "createdAt"
  | "finishedAt"
  | "timings"
  | "captured"
>;

/** Times of steps that did not happen are 0. Credits are captured ones. */
export function editPoint(edit: FinishedEdit): DataPoint {
  const { account, status, attempt, error, mask, model, timings } = edit;
  const total = (edit.finishedAt ?? edit.createdAt) - edit.createdAt;
  const { queue_ms = 0, mask_ms = 0, inversion_ms = 0, edit_ms = 0, evaluations = 0 } = timings ?? {};
  return {
    indexes: [account],
    blobs: [
      "edit",
      status,
      error?.code ?? "",
      mask?.source ?? "",
      `${model.id}@${model.version}`,
      error?.policy ?? "",
    ],
    doubles: [attempt, total, queue_ms, mask_ms, inversion_ms, edit_ms, evaluations, edit.captured],
  };
}
