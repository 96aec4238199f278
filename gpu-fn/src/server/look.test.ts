// What can be checked before an edit is paid for, while the model loads and during a run.
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  eventsOf,
  longTask,
  lookedAt,
  lookTask,
  type Served,
  serve,
  underWay,
  until,
} from "./client.fixture.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";

let storage: Storage;
let server: Served["server"];
let client: Served["client"];

beforeAll(async () => {
  storage = await openStorage();
  ({ server, client } = await serve());
});
afterAll(async () => {
  await server.close();
  await storage.close();
});

const plain = (background: string) =>
  sharp({ create: { width: 256, height: 256, channels: 3, background } })
    .png()
    .toBuffer();

test("a photo without a face is refused unless a mask is sent; one with a face is not", async () => {
  const photo = storage.give("teal", await plain("teal"));
  expect(await lookedAt(client, lookTask(storage, { photo }))).toMatchObject({
    code: "no_face",
    detail: expect.stringContaining("send one that shows a face, or a mask"),
  });
  expect(await lookedAt(client, lookTask(storage, { photo: null }))).toBeNull();
  expect(await lookedAt(client, lookTask(storage))).toBeNull();
  expect(await lookedAt(client, lookTask(storage, { face: 3 }))).toMatchObject({ code: "no_face" });
});

test("words for nothing that the model knows are refused by name", async () => {
  const words = (prompt: string) => ({ prompt, locate: [prompt] });
  const beach = "change the background to a beach";
  expect(await lookedAt(client, lookTask(storage, words(beach)))).toMatchObject({
    code: "invalid_request",
    detail: expect.stringContaining(`"${beach}" was left out`),
  });
  expect(await lookedAt(client, lookTask(storage, words("keep the hair")))).not.toBeNull();
  expect(await lookedAt(client, lookTask(storage, words("remove the glasses")))).toBeNull();
});

test("it answers while an edit runs", async () => {
  const events = eventsOf(await client.send("/edit", longTask(storage)));
  await until(events, underWay);
  expect(await lookedAt(client, lookTask(storage))).toBeNull();
  expect(await client.health()).toMatchObject({ busy: true });
  await events.return(undefined);
});

test("a photo that is not a picture is refused; one that is missing is a fault", async () => {
  const photo = storage.give("text", new TextEncoder().encode("no picture"));
  expect(await lookedAt(client, lookTask(storage, { photo }))).toMatchObject({ code: "image_rejected" });
  storage.objects.clear();
  const away = await client.send("/look", lookTask(storage, { photo }));
  expect(away.status).toBe(500);
});
