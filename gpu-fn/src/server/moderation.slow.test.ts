import { afterEach, expect, test } from "vitest";
import { verdictOf } from "../../../shared/moderation/policies.ts";
import { type Moderator, NO_MODERATION } from "../moderation/moderator.ts";
import { realWeights } from "../moderation/weights.fixture.ts";
import { allEvents, editTask, maskTask, one, type Served, serve } from "./client.fixture.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";

let served: Served;
let storage: Storage;

afterEach(async () => {
  await served.server.close();
  await storage.close();
});

/** What was written to storage. */
const written = () => storage.requests.filter((request) => request.startsWith("PUT"));

async function start(moderator?: Partial<Moderator>, given: Parameters<typeof serve>[1] = {}) {
  storage = await openStorage();
  served = await serve(moderator ? { moderator: { ...NO_MODERATION, ...moderator } } : {}, given);
}

test("refused words end a run before anything is read or written", async () => {
  await realWeights();
  await start(undefined, { MODERATION_OFF: "image.age" });
  const { client, logged } = served;
  const prompt = "an adult film star in a seductive bedroom scene";
  for (const [path, task] of [
    ["/edit", editTask(storage, { prompt, locate: [prompt] })],
    ["/mask", maskTask(storage, { locate: [prompt] })],
  ] as const) {
    const events = await allEvents(client.send(path, task));
    expect(one(events, "failed")).toMatchObject({
      code: "moderated",
      policy: "prompt.sexual",
      retryable: false,
    });
  }
  expect(written()).toEqual([]);
  expect(logged.join("")).not.toContain("seductive");
  const { on } = (await client.health()).moderation as { on: string[] };
  expect(on).toContain("image.sexual");
  expect(on).not.toContain("image.age");
  // disabled policies are logged at the start
  expect(logged.find((line) => line.includes("moderation_off"))).toContain("MODERATION IS OFF for image.age");
});

test("a refused photo ends a run before the engine receives it", async () => {
  await start({ photo: async () => verdictOf("image.age", "the photo") });
  const events = await allEvents(served.client.send("/edit", editTask(storage)));
  expect(one(events, "failed")).toMatchObject({ code: "moderated", policy: "image.age" });
  expect(events.some(({ event }) => event === "progress")).toBe(false);
  expect(written()).toEqual([]);
});

test("a refused result and refused previews are not stored", async () => {
  await start({ result: async () => verdictOf("image.sexual", "the result") });
  const task = editTask(storage, { schedule: { steps: 40, structuring_steps: 1 } });
  const previews = [1, 2, 3].map((number) => storage.writing(`preview-${number}`));
  const events = await allEvents(served.client.send("/edit", { ...task, put: { ...task.put, previews } }));
  expect(one(events, "failed")).toMatchObject({
    code: "moderated",
    policy: "image.sexual",
    retryable: false,
  });
  expect(events.some(({ event }) => event === "preview")).toBe(false);
  expect(written().filter((key) => /\/result|preview/.test(key))).toEqual([]);
});
