// An account uses every feature, erases everything, and then every store of the real parts is listed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gpuHealthSchema } from "../../../shared/gpu.ts";
import { provokeFaults } from "./faults.fixture.ts";
import { allEntries, allFiles, allRows } from "./listing.fixture.ts";
import { found, type Marker, textMarkers } from "./markers.fixture.ts";
import { leaveTraces, openScene, type Scene, type Traces } from "./scene.fixture.ts";
import { EMPTIED_TABLES, LASTING_ENTRIES, LASTING_OBJECTS, LASTING_TABLES, ROWS } from "./stores.ts";

let scene: Scene;
let traces: Traces;
/** What the faults of the second part contained. */
let faults: readonly Marker[] = [];

beforeAll(async () => {
  scene = await openScene();
  traces = await leaveTraces(scene);
}, 240_000);
afterAll(() => scene.close());

const rows = () => allRows(join(scene.folder, "worker"));
const ofAccounts = () => rows().filter(({ file }) => file.includes("/do/"));
const objects = () =>
  rows()
    .filter(({ table }) => table === "_mf_objects")
    .map(({ values }) => String(values.key));
const inversions = async () => {
  // a new connection, since a busy process may have closed the kept one
  const health = await (
    await fetch(`${scene.stack.inside.gpu.url}/healthz`, { headers: { connection: "close" } })
  ).json();
  return gpuHealthSchema.parse(health).inversions;
};
const blobs = () => allFiles(join(scene.folder, "worker")).filter(({ file }) => file.includes("/blobs/"));
const begins = (names: object, text: string) => Object.keys(names).some((name) => text.startsWith(name));

test("before the erasure, the search finds every prompt and picture in its store", async () => {
  const names = new Set(traces.markers.map(({ name }) => name).filter((name) => !name.endsWith("base64")));
  const seen = new Set(
    [...ofAccounts().map(({ text }) => Buffer.from(text)), ...blobs().map(({ bytes }) => bytes)].flatMap(
      (bytes) => found(traces.markers, bytes),
    ),
  );
  // what a mask was located for is in the cache's key alone, as an HMAC, and in an answer kept for a day
  expect([...names].filter((name) => !seen.has(name))).toEqual([]);
  expect((await inversions())?.entries).toBeGreaterThan(0);
  expect(objects().filter((key) => !begins(LASTING_OBJECTS, key)).length).toBeGreaterThan(20);
  const entries = Object.keys(await allEntries(scene.stack.inside.upstash));
  expect(entries.some((key) => key.startsWith("mask:"))).toBe(true);
});

test("Upstash's names and values reveal no prompts, pictures or secrets", async () => {
  const entries = JSON.stringify(await allEntries(scene.stack.inside.upstash));
  const words = traces.markers.filter(({ name }) => !name.startsWith("image id"));
  expect(found([...words, ...secretMarkers()], entries)).toEqual([]);
});

test("after the erasure, every store is empty except for what the list names", async () => {
  for (const id of traces.edits) await scene.client.deleteEdit(id);
  for (const id of traces.images) await scene.client.deleteImage(id);
  await expect.poll(async () => (await inversions())?.entries, { timeout: 10_000 }).toBe(0);
  await expect.poll(() => ofAccounts().some(({ text }) => text.startsWith("gpu-memory"))).toBe(false);

  expect(objects().filter((key) => !begins(LASTING_OBJECTS, key))).toEqual([]);
  expect(blobs().flatMap(({ bytes }) => found(traces.markers, bytes))).toEqual([]);
  const left = ofAccounts();
  const emptied: readonly string[] = EMPTIED_TABLES;
  expect(left.filter(({ table }) => emptied.includes(table)).map(({ text }) => text)).toEqual([]);
  expect([...new Set(left.map(({ table }) => table))].filter((name) => !(name in LASTING_TABLES))).toEqual(
    [],
  );
  // an answer that is kept for repeated requests goes with the image or edit that it names
  expect(left.filter(({ text }) => found(traces.markers, text).length > 0)).toEqual([]);
  const entries = Object.entries(await allEntries(scene.stack.inside.upstash));
  expect(entries.filter(([key]) => !begins(LASTING_ENTRIES, key))).toEqual([]);
  for (const id of traces.edits) expect((await scene.fetch(`/v1/edits/${id}`)).status).toBe(404);
  for (const url of traces.tickets.filter((ticket) => ticket.includes("/v1/files/")))
    expect((await fetch(url)).status).toBe(404);
});

test("no log line has a prompt, a picture, a secret, a token or a signature in it, whatever goes wrong", async () => {
  faults = await provokeFaults(scene);
  const edits = (await scene.client.listEdits().next()).value;
  if (edits !== undefined) await scene.client.deleteEdit(edits.id);
  await scene.stack.stop();
  const logs = [
    ...allFiles(scene.state.logs),
    { file: "what npm start says", bytes: Buffer.from(scene.said.join("\n")) },
  ];
  expect(logs.map(({ file }) => file)).toEqual(
    expect.arrayContaining(["gpu.log", "gateway.log", "worker.log"]),
  );
  const text = logs.map(({ bytes }) => bytes.toString()).join("\n");
  // the faults really happened, and were logged
  for (const line of ['"event":"fault"', '"status":422', '"outcome":"failed"', "unavailable"])
    expect(text).toContain(line);
  const hidden = traces.markers.filter(({ name }) => !name.startsWith("image id"));
  const all = [...hidden, ...faults, ...secretMarkers(), ...ticketMarkers()];
  expect(logs.flatMap(({ file, bytes }) => found(all, bytes).map((name) => `${name} in ${file}`))).toEqual(
    [],
  );
});

test("nothing erased can be read on disk any more, not even deleted rows", () => {
  const content = traces.markers.filter(({ name }) => !name.startsWith("image id"));
  const left = allFiles(scene.folder).flatMap(({ file, bytes }) =>
    found(content, bytes).map((name) => `${name} in ${file}`),
  );
  expect(left).toEqual([]);
});

test("the privacy page names exactly these stores and tables", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../edge/docs/privacy.md"), "utf8");
  const [, table = ""] = page.split("| what | where | until |\n");
  const cells = (table.split("\n\n")[0] ?? "")
    .split("\n")
    .slice(1)
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells.map(([, what]) => what)).toEqual([...ROWS]);
  const named = cells.flatMap(([, , where = ""]) =>
    [...where.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name),
  );
  const own = [...EMPTIED_TABLES, ...Object.keys(LASTING_TABLES)].filter((name) => !name.startsWith("_cf"));
  expect(named.sort()).toEqual(own.sort());
});

const secretMarkers = () =>
  Object.entries(scene.secrets).flatMap(([name, secret]) => (secret === "" ? [] : textMarkers(name, secret)));

/** Signatures of URLs, and tokens. */
function ticketMarkers(): Marker[] {
  return traces.tickets.flatMap((ticket) => {
    if (!URL.canParse(ticket)) return textMarkers("token", ticket);
    const { searchParams, pathname } = new URL(ticket);
    const parts = [...searchParams.values(), pathname.split("/").at(-1) ?? ""];
    return parts.filter((part) => part.length >= 32).flatMap((part) => textMarkers("signature", part));
  });
}
