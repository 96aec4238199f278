import type { Edit } from "./edit.ts";

/** An edit as the API would return it, for tests that need only some of its fields. */
export const editWith = (change: Partial<Edit> = {}): Edit => ({
  id: "edit_1",
  status: "queued",
  created_at: "2026-11-24T09:30:00.000Z",
  started_at: null,
  finished_at: null,
  image: null,
  mask: null,
  regions: [],
  read_as: null,
  warnings: [],
  preservation: null,
  timings: null,
  cache: { mask: false, inversion: false },
  model: { id: "mini", version: "0.1.0" },
  usage: { credits: 1 },
  error: null,
  metadata: {},
  urls: { self: "https://a.test/e", events: "https://a.test/e", cancel: "https://a.test/e" },
  ...change,
});
