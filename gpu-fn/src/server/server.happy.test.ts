import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allEvents, editTask, maskTask, one, PHOTO, type Served, serve } from "./client.fixture.ts";
import { openStorage, type Storage, sha256 } from "./storage.fixture.ts";

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

const edit = (change: Record<string, unknown> = {}) => {
  const task = editTask(storage, change);
  return { task, events: allEvents(client.send("/edit", task)) };
};

describe("an edit", () => {
  test("reports its progress and leaves mask, located mask and picture in storage", async () => {
    const { task, events: received } = edit();
    const events = await received;
    const { width, height } = await sharp(PHOTO).metadata();
    const phases = events.flatMap((event) => (event.event === "progress" ? [event.phase] : []));
    expect([...new Set(phases)]).toEqual(["encode", "locate", "inversion", "edit", "decode"]);
    const etas = events.flatMap((event) => (event.event === "progress" ? [event.eta_ms] : []));
    expect([etas[0], etas.at(-1)]).toEqual([null, 0]);
    const mask = one(events, "mask");
    expect(mask).toMatchObject({ source: "pasl", regions: [{ prompt: "a person wearing glasses" }] });
    expect(mask.coverage).toBeGreaterThan(0.01);
    const done = one(events, "succeeded");
    expect(done).toMatchObject({ evaluations: 8, cache: { inversion: false }, model: { id: "mini" } });
    expect(done.preservation?.psnr_outside_db).toBeGreaterThan(15);
    expect(done.preservation?.ssim_outside).toBeLessThan(1);
    expect(events.at(-1)).toBe(done);
    for (const [written, key] of [
      [mask.mask, task.put.mask.key],
      [mask.located, task.put.located.key],
      [done.image, task.put.result.key],
    ] as const) {
      const object = storage.objects.get(key);
      expect(written).toMatchObject({ key, bytes: object?.bytes.length, content_type: object?.contentType });
      expect(written?.sha256).toBe(sha256(object?.bytes ?? new Uint8Array()));
      const seen = await sharp(object?.bytes).metadata();
      expect([seen.width, seen.height]).toEqual([written?.width, written?.height]);
    }
    expect([done.image.width, mask.mask.height]).toEqual([width, height]);
  });

  test("writes previews to the given places if it is long", async () => {
    const places = [1, 2, 3, 4].map((number) => storage.writing(`preview-${number}`));
    const { task, events } = edit({
      schedule: { steps: 60, inversion_steps: 1, guidance: { method: "true" } },
      deadline_ms: 300_000,
      put: { ...editTask(storage).put, previews: places },
    });
    const previews = (await events).flatMap((event) => (event.event === "preview" ? [event.image] : []));
    expect(previews.length).toBeGreaterThan(0);
    expect(previews.map(({ key }) => key)).toEqual(
      task.put.previews.slice(0, previews.length).map(({ key }) => key),
    );
    const { width, height } = await sharp(PHOTO).metadata();
    for (const { key, content_type, ...written } of previews) {
      expect({ content_type, ...written }).toMatchObject({ content_type: "image/jpeg", width, height });
      expect((await sharp(storage.objects.get(key)?.bytes).metadata()).format).toBe("jpeg");
    }
  });

  test("gives the same bytes without PASL from a mask located earlier; a lost one is located again", async () => {
    const first = edit({ tenant: "1".repeat(64) });
    const fresh = one(await first.events, "succeeded");
    const located = storage.reading(first.task.put.located.key);
    const cached = edit({ tenant: "2".repeat(64), mask: { source: "cache", ...located } });
    const events = await cached.events;
    expect(one(events, "mask")).toMatchObject({ source: "cache", located: null, regions: [] });
    const { cache, image } = one(events, "succeeded");
    expect([cache.inversion, image.sha256]).toEqual([false, fresh.image.sha256]);
    const lost = { source: "cache", url: located.url.replace("located", "gone"), sha256: located.sha256 };
    expect(one(await edit({ mask: lost }).events, "mask")).toMatchObject({ source: "pasl" });
  });

  test("starts at the edit pass if the photo was edited before, with the same bytes, but only for its tenant", async () => {
    const tenant = "3".repeat(64);
    const fresh = one(await edit({ tenant }).events, "succeeded");
    const again = one(await edit({ tenant }).events, "succeeded");
    expect(again.cache.inversion).toBe(true);
    expect([again.evaluations, again.image.sha256]).toEqual([4, fresh.image.sha256]);
    const source_prompt = "a woman.";
    const others = [{ tenant: "4".repeat(64) }, { tenant, source_prompt }];
    for (const other of others)
      expect(one(await edit(other).events, "succeeded").cache.inversion).toBe(false);
  });

  test("accepts a drawn mask, several prompts and other formats", async () => {
    const { width, height } = await sharp(PHOTO).metadata();
    const white = await sharp({ create: { width, height, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    const drawn = await edit({
      mask: { source: "user", ...storage.give("white", white) },
      composite: "none",
      output: { format: "jpeg", quality: 80 },
    }).events;
    expect(one(drawn, "mask")).toMatchObject({ source: "user", coverage: 1, located: null });
    const done = one(drawn, "succeeded");
    expect(done).toMatchObject({ preservation: null, image: { width: 128, content_type: "image/jpeg" } });
    const locate = ["a person wearing glasses", "a person with a beard"];
    const several = one(await edit({ locate }).events, "mask");
    expect(several.regions.map(({ prompt }) => prompt)).toEqual(locate);
    for (const { coverage } of several.regions) expect(coverage).toBeGreaterThan(0.01);
  });
});

test("a mask task writes the mask that an edit would have used", async () => {
  const task = maskTask(storage, { mask_options: { grow: 0.05 } });
  const events = await allEvents(client.send("/mask", task));
  const found = one(events, "mask");
  expect(events.map(({ event }) => event).filter((event) => event !== "loading")).toEqual([
    "started",
    "mask",
  ]);
  const used = one(await edit({ mask_options: { grow: 0.05 } }).events, "mask");
  expect([found.mask.sha256, found.located?.sha256, found.coverage, found.regions]).toEqual([
    used.mask.sha256,
    used.located?.sha256,
    used.coverage,
    used.regions,
  ]);
});
