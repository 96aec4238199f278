import type { AccountRows, CachedEntry, EditRow, LedgerRow, StoredObject } from "./stores.ts";

/** A webhook as it arrived. */
export interface Arrival {
  readonly id: string;
  readonly type: string;
  readonly edit: string;
  /** Whether one of the account's secrets signed it. */
  readonly signed: boolean;
}

/** Everything that is known of one account when a story is over. Times are Unix milliseconds by the worker's clock. */
export interface Aftermath {
  readonly account: string;
  readonly now: number;
  readonly rows: AccountRows;
  readonly objects: readonly StoredObject[];
  readonly cached: readonly CachedEntry[];
  readonly arrivals: readonly Arrival[];
  /** Messages that the queue still has for anybody of this stack. */
  readonly queued: number;
  /** The API's data about the account. */
  readonly reported: { readonly balance: number; readonly held: number };
  /** Edits that a client saw accepted, and those that it saw erased. */
  readonly accepted: readonly string[];
  readonly erased: readonly string[];
}

const FINAL = ["succeeded", "failed", "canceled"];

/** Longest that something due may have waited for its alarm. */
const LATE_MS = 60_000;

/** Erasing of what a run may still write is postponed to the end of its URLs, never longer than this. */
const ERASED_WITHIN_MS = 20 * 60_000;

/** Every invariant that does not hold, in words; none if all do. */
export function breachesOf(aftermath: Aftermath): string[] {
  return RULES.flatMap((rule) => rule(aftermath));
}

/** No lost job: whatever was accepted is final, and what was erased is gone. */
function jobs({ rows, accepted, erased }: Aftermath): string[] {
  const known = new Map(rows.edits.map((edit) => [edit.id, edit.status]));
  return [
    ...rows.edits
      .filter(({ status }) => !FINAL.includes(status))
      .map(({ id, status }) => `${id} is still ${status}`),
    ...accepted.filter((id) => !known.has(id) && !erased.includes(id)).map((id) => `${id} is lost`),
    ...erased.filter((id) => known.has(id)).map((id) => `${id} was erased and is there`),
  ];
}

/** No double capture, no stuck hold, every credit accounted for. */
function money({ rows, reported, erased }: Aftermath): string[] {
  const { ledger } = rows;
  const found: string[] = [];
  const sum = (of: "available" | "held") => ledger.reduce((total, row) => total + row[of], 0);
  const last = ledger.at(-1);
  if (sum("held") !== 0) found.push(`${sum("held")} credits are still held`);
  if (reported.held !== 0) found.push(`the API reports ${reported.held} held credits`);
  if (sum("available") !== reported.balance)
    found.push(`the ledger's sum is ${sum("available")}, the API reports ${reported.balance}`);
  if (last !== undefined && (last.available_after !== sum("available") || last.held_after !== sum("held")))
    found.push("the ledger's last row carries other sums than its rows make");
  const byEdit = Map.groupBy(
    ledger.filter((row): row is LedgerRow & { edit: string } => row.edit !== null),
    ({ edit }) => edit,
  );
  const edits = new Map(rows.edits.map((edit) => [edit.id, edit]));
  for (const [edit, of] of byEdit) {
    const kinds = of.map(({ kind }) => kind).join(", ");
    const { status, captured = 0 } = edits.get(edit) ?? {};
    const charged = status === "succeeded" || captured > 0;
    const wanted = status === undefined ? null : charged ? "hold, capture" : "hold, release";
    const right = wanted === null ? ["hold, capture", "hold, release"].includes(kinds) : kinds === wanted;
    if (!right) found.push(`${edit} (${status ?? "gone"}) has the ledger rows ${kinds}`);
    if (status === undefined && !erased.includes(edit))
      found.push(`${edit} has ledger rows and is not there`);
  }
  for (const { id } of rows.edits) if (!byEdit.has(id)) found.push(`${id} has no ledger rows`);
  return found;
}

/** The day's sums are those of the ledger's captures. */
function usage({ rows }: Aftermath): string[] {
  const captured = rows.ledger.filter(({ kind }) => kind === "capture");
  const credits = captured.reduce((sum, { held }) => sum - held, 0);
  const counted = rows.usage.reduce(
    (sum, day) => ({ succeeded: sum.succeeded + day.succeeded, credits: sum.credits + day.credits }),
    { succeeded: 0, credits: 0 },
  );
  // a run that was cancelled is charged for what was evaluated, and is no success
  return counted.succeeded <= captured.length && counted.credits === credits
    ? []
    : [
        `usage counts ${counted.succeeded} edits of ${counted.credits} credits, the ledger ${captured.length} of ${credits}`,
      ];
}

/** No orphaned object: each has an owning row, or a due row that erases it soon; and each row has its object. */
function objects({ account, now, rows, objects: stored }: Aftermath): string[] {
  const subjects = rows.due
    .filter(({ at }) => at <= now + ERASED_WITHIN_MS)
    .map(({ subject }) => subject.replace(/^again /, ""));
  const owners = [
    ...rows.images.map(({ key }) => key),
    ...rows.masks.map(({ object }) => object),
    ...rows.edits.map(({ id }) => `${account}/edits/${id}/`),
    ...subjects.filter((subject) => subject.startsWith(`${account}/`)),
  ];
  const owned = (key: string) =>
    owners.some((owner) => key === owner || (owner.endsWith("/") && key.startsWith(owner)));
  const sizes = new Map(stored.map(({ key, size }) => [key, size]));
  return [
    ...stored.filter(({ key }) => !owned(key)).map(({ key }) => `${key} belongs to nobody`),
    ...rows.images.filter(({ key }) => !sizes.has(key)).map(({ id }) => `the photo of ${id} is not stored`),
    ...rows.edits.flatMap((edit) => missingOf(edit, sizes)),
  ];
}

function missingOf({ id, status, outcome_json }: EditRow, sizes: ReadonlyMap<string, number>): string[] {
  if (status !== "succeeded") return [];
  const { result, mask } = JSON.parse(outcome_json ?? "{}");
  if (sizes.get(result?.key) !== result?.bytes)
    return [`the result of ${id} is not stored as it was reported`];
  return sizes.has(mask?.key) ? [] : [`the mask of ${id} is not stored`];
}

/** Each final edit's webhook arrived, under one id, and said how the edit ended; nothing else arrived. */
function webhooks({ rows, arrivals, erased }: Aftermath): string[] {
  const found = arrivals
    .filter(({ signed }) => !signed)
    .map(({ id }) => `${id} was not signed by the account`);
  const byEdit = Map.groupBy(arrivals, ({ edit }) => edit);
  for (const [edit, came] of byEdit)
    if (new Set(came.map(({ id }) => id)).size > 1)
      found.push(`${edit} was announced under several event ids`);
  for (const edit of rows.edits) {
    if (JSON.parse(edit.input_json).webhook_url === null) continue;
    const came = byEdit.get(edit.id) ?? [];
    const left = rows.outbox.find(({ kind, edit: of }) => kind === "webhook" && of === edit.id);
    if (left !== undefined) found.push(`the webhook of ${edit.id} is ${left.state} in the outbox`);
    if (came.length === 0) found.push(`no webhook of ${edit.id} arrived`);
    for (const { id, type } of came)
      if (type !== `edit.${edit.status}`)
        found.push(`${edit.id} (${edit.status}) was announced as ${type} by ${id}`);
  }
  const known = new Set([...rows.edits.map(({ id }) => id), ...erased]);
  for (const edit of byEdit.keys())
    if (!known.has(edit)) found.push(`a webhook announced ${edit}, which does not exist`);
  return found;
}

/** Nothing waits in the outbox, the queue, or past its time. */
function rest({ now, rows, queued }: Aftermath): string[] {
  return [
    ...rows.outbox
      .filter(({ state, kind }) => state === "pending" && kind !== "usage")
      .map(({ id }) => `${id} is still in the outbox`),
    ...rows.due.filter(({ at }) => at < now - LATE_MS).map(({ subject }) => `${subject} is overdue`),
    ...(queued === 0 ? [] : [`${queued} messages are still in the queue`]),
  ];
}

/** Every key in Upstash expires, and belongs to a photo that exists or is about to be erased. */
function cache({ account, rows, cached }: Aftermath): string[] {
  const known = new Set([
    ...rows.masks.map(({ cache_key }) => `mask:${cache_key}`),
    ...rows.due.map(({ subject }) => subject),
  ]);
  const ours = cached.filter(({ object }) => object?.startsWith(`${account}/`) ?? true);
  return [
    ...ours.filter(({ ttl }) => ttl <= 0).map(({ key }) => `${key} never ends`),
    ...ours.filter(({ key }) => !known.has(key)).map(({ key }) => `${key} belongs to no photo`),
  ];
}

const RULES = [jobs, money, usage, objects, webhooks, rest, cache] as const;
