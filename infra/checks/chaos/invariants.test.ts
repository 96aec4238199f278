import { expect, test } from "vitest";
import { type Aftermath, breachesOf } from "./invariants.ts";

const ACCOUNT = "acct_a";
const edit = (id: string, status: string, more = {}) => ({
  id,
  status,
  credits: 3,
  captured: status === "succeeded" ? 3 : 0,
  attempt: 1,
  deadline_at: 0,
  input_json: JSON.stringify({ webhook_url: "http://hook.test/" }),
  outcome_json: JSON.stringify({
    result: { key: `${ACCOUNT}/edits/${id}/1/result`, bytes: 7 },
    mask: { key: `${ACCOUNT}/edits/${id}/1/mask` },
  }),
  error_json: null,
  ...more,
});

/** One edit succeeded, one failed, one was erased: all as expected. */
const GOOD: Aftermath = {
  account: ACCOUNT,
  now: 1_000_000,
  rows: {
    edits: [edit("edit_s", "succeeded"), edit("edit_f", "failed", { outcome_json: null })],
    ledger: [
      row("credit", 100, 0, 100, 0, null),
      row("hold", -3, 3, 97, 3, "edit_s"),
      row("hold", -3, 3, 94, 6, "edit_f"),
      row("hold", -3, 3, 91, 9, "edit_e"),
      row("capture", 0, -3, 91, 6, "edit_s"),
      row("release", 3, -3, 94, 3, "edit_f"),
      row("release", 3, -3, 97, 0, "edit_e"),
    ],
    images: [{ id: "img_a", key: `${ACCOUNT}/images/img_a` }],
    masks: [{ object: `${ACCOUNT}/masks/m/located`, cache_key: "c" }],
    due: [{ subject: `again ${ACCOUNT}/edits/edit_e/`, at: 1_200_000 }],
    outbox: [],
    usage: [{ succeeded: 1, credits: 3 }],
    secrets: [],
  },
  objects: [
    { key: `${ACCOUNT}/images/img_a`, size: 9 },
    { key: `${ACCOUNT}/masks/m/located`, size: 9 },
    { key: `${ACCOUNT}/edits/edit_s/1/result`, size: 7 },
    { key: `${ACCOUNT}/edits/edit_s/1/mask`, size: 9 },
    { key: `${ACCOUNT}/edits/edit_e/1/mask`, size: 9 },
  ],
  cached: [{ key: "mask:c", ttl: 60, object: `${ACCOUNT}/masks/m/located` }],
  arrivals: [
    { id: "evt_s", type: "edit.succeeded", edit: "edit_s", signed: true },
    { id: "evt_s", type: "edit.succeeded", edit: "edit_s", signed: true },
    { id: "evt_f", type: "edit.failed", edit: "edit_f", signed: true },
  ],
  queued: 0,
  reported: { balance: 97, held: 0 },
  accepted: ["edit_s", "edit_f", "edit_e"],
  erased: ["edit_e"],
};

function row(
  kind: string,
  available: number,
  held: number,
  after: number,
  heldAfter: number,
  of: string | null,
) {
  return { kind, available, held, available_after: after, held_after: heldAfter, edit: of };
}

function waiting(id: string, of: string) {
  return { id, kind: "webhook", edit: of, state: "pending", reason: null };
}

const { rows } = GOOD;
const withRows = (changed: Partial<Aftermath["rows"]>): Aftermath => ({
  ...GOOD,
  rows: { ...rows, ...changed },
});

test("nothing is broken in a sound state", () => {
  expect(breachesOf(GOOD)).toEqual([]);
});

test.each<[string, Aftermath, RegExp]>([
  ["a lost job", { ...GOOD, accepted: [...GOOD.accepted, "edit_x"] }, /edit_x is lost/],
  [
    "a job without an end",
    withRows({ edits: [edit("edit_s", "running"), ...rows.edits.slice(1)] }),
    /still running/,
  ],
  ["an erased edit that is there", { ...GOOD, erased: ["edit_e", "edit_f"] }, /edit_f was erased/],
  [
    "a double capture",
    withRows({
      ledger: [...rows.ledger, row("credit", 3, 0, 100, 0, null), row("capture", -3, 0, 97, 0, "edit_s")],
    }),
    /edit_s \(succeeded\) has the ledger rows hold, capture, capture/,
  ],
  [
    "a stuck hold",
    withRows({ ledger: rows.ledger.filter(({ kind, edit: of }) => kind !== "release" || of !== "edit_f") }),
    /still held/,
  ],
  ["a hold that the API reports", { ...GOOD, reported: { balance: 97, held: 3 } }, /API reports 3/],
  ["another balance", { ...GOOD, reported: { balance: 98, held: 0 } }, /the API reports 98/],
  [
    "a capture of a failure",
    withRows({ edits: [rows.edits[0], edit("edit_f", "succeeded")].filter((e) => e !== undefined) }),
    /edit_f \(succeeded\) has the ledger rows hold, release/,
  ],
  [
    "money of an edit that never was",
    { ...GOOD, erased: [], accepted: ["edit_s", "edit_f"] },
    /edit_e has ledger rows/,
  ],
  ["usage that counts otherwise", withRows({ usage: [{ succeeded: 2, credits: 6 }] }), /usage counts 2/],
  [
    "an orphan",
    { ...GOOD, objects: [...GOOD.objects, { key: `${ACCOUNT}/images/img_b`, size: 1 }] },
    /img_b belongs to nobody/,
  ],
  ["a late object that nobody erases", withRows({ due: [] }), /edit_e\/1\/mask belongs to nobody/],
  [
    "a late object that is erased in a day",
    withRows({ due: [{ subject: `again ${ACCOUNT}/edits/edit_e/`, at: 90_000_000 }] }),
    /belongs to nobody/,
  ],
  ["a photo without bytes", { ...GOOD, objects: GOOD.objects.slice(1) }, /photo of img_a/],
  [
    "a result of another size",
    { ...GOOD, objects: GOOD.objects.map((o) => ({ ...o, size: o.size + 1 })) },
    /result of edit_s/,
  ],
  ["a webhook that never came", { ...GOOD, arrivals: GOOD.arrivals.slice(0, 2) }, /no webhook of edit_f/],
  [
    "a webhook under two ids",
    {
      ...GOOD,
      arrivals: [...GOOD.arrivals, { id: "evt_x", type: "edit.succeeded", edit: "edit_s", signed: true }],
    },
    /several event ids/,
  ],
  [
    "a webhook with another outcome",
    {
      ...GOOD,
      arrivals: [...GOOD.arrivals, { id: "evt_f", type: "edit.succeeded", edit: "edit_f", signed: true }],
    },
    /announced as edit.succeeded/,
  ],
  [
    "a webhook that nobody signed",
    { ...GOOD, arrivals: GOOD.arrivals.map((a) => ({ ...a, signed: false })) },
    /not signed/,
  ],
  ["a webhook that waits", withRows({ outbox: [waiting("evt_s", "edit_s")] }), /still in the outbox/],
  ["a queue that is not empty", { ...GOOD, queued: 2 }, /2 messages/],
  ["something overdue", withRows({ due: [...rows.due, { subject: "edit_s", at: 1 }] }), /overdue/],
  [
    "a cache entry without an end",
    { ...GOOD, cached: [{ ...(GOOD.cached[0] ?? { key: "", object: null }), ttl: -1 }] },
    /never ends/,
  ],
  ["a cache entry of an erased photo", withRows({ masks: [] }), /mask:c belongs to no photo/],
])("%s is seen", (_, broken, said) => {
  expect(breachesOf(broken).join("\n")).toMatch(said);
});
