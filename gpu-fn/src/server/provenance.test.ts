import { afterAll, beforeAll, expect, test } from "vitest";
import { decodePhoto } from "../image/decode.ts";
import { developmentChain } from "../provenance/development-chain.ts";
import { verifyPicture } from "../provenance/verdict.ts";
import { allEvents, editTask, one, PHOTO, type Served, serve } from "./client.fixture.ts";
import { openStorage, type Storage, sha256 } from "./storage.fixture.ts";

const secret = "the secret of a deployment in a test";

let storage: Storage;
let served: Served;
let root: string;

beforeAll(async () => {
  storage = await openStorage();
  const chain = await developmentChain("a test");
  root = chain.root;
  served = await serve(
    {},
    {
      C2PA_CERTIFICATES: chain.certificates,
      C2PA_PRIVATE_KEY: chain.privateKey,
      WATERMARK_SECRET: secret,
      WATERMARK_TAG: "9",
    },
  );
});
afterAll(async () => {
  await served.server.close();
  await storage.close();
});

async function resultOf(change: Record<string, unknown>) {
  const task = editTask(storage, change);
  const events = await allEvents(served.client.send("/edit", task));
  const stored = (key: string) => storage.objects.get(key)?.bytes ?? new Uint8Array();
  return {
    said: one(events, "succeeded").provenance,
    bytes: stored(task.put.result.key),
    mask: stored(task.put.mask.key),
  };
}

test("a result is signed and marked, and equals the photo outside its mask", async () => {
  const locate = ["hair"];
  const { said, bytes, mask } = await resultOf({ locate });
  expect(said).toEqual({ c2pa: true, watermark: "held" });
  const verdict = await verifyPicture({ bytes }, { secret, anchors: root });
  expect(verdict.credentials).toMatchObject({ state: "trusted", madeFrom: [`sha256:${sha256(PHOTO)}`] });
  expect(verdict.watermark).toMatchObject({ found: true, tag: 9 });

  const [photo, result] = [await decodePhoto(PHOTO), await decodePhoto(bytes)];
  const { rgb: grey } = await decodePhoto(mask);
  const kept = [...photo.rgb.keys()].filter((i) => grey[i] === 0);
  expect(kept.length).toBeGreaterThan(10_000);
  expect(kept.every((i) => photo.rgb[i] === result.rgb[i])).toBe(true);
});

test("if the account wants neither, the result has no signature and no mark", async () => {
  const { said, bytes } = await resultOf({ provenance: { c2pa: false, watermark: false } });
  expect(said).toEqual({ c2pa: false, watermark: "none" });
  expect((await verifyPicture({ bytes }, {})).credentials).toBeNull();
});
