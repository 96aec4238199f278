import { statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { type Engine, openEngine } from "../engine/engine.ts";
import { CanceledError, InputError } from "../errors.ts";
import { weightFiles } from "../manifest/files.ts";
import { readManifest } from "../manifest/manifest.ts";
import { serve } from "./client.fixture.ts";
import { jsonLog } from "./log.ts";
import { warmUp, warmUpSide } from "./warm-up.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");
const FLUX = join(import.meta.dirname, "../../models/flux-dev/manifest.json");
const never = new AbortController().signal;

/** Bytes of all weight files of the embedded model. */
const allBytes = async () =>
  weightFiles(await readManifest(MINI)).reduce((sum, path) => sum + statSync(path).size, 0);

test("a server reads the weights ahead and is warm before it is ready", async () => {
  const edits: number[] = [];
  const locate = vi.fn();
  const open = async (manifest: string): Promise<Engine> => {
    const engine = await openEngine(manifest);
    return {
      ...engine,
      locate: (...given) => {
        locate();
        return engine.locate(...given);
      },
      edit: async (...given) => {
        const result = await engine.edit(...given);
        edits.push(result.evaluations);
        return result;
      },
    };
  };
  const { server, client, logged } = await serve({ open });
  await vi.waitUntil(async () => (await client.health()).status === "ready", { timeout: 20_000 });
  await server.close();
  expect(locate).toHaveBeenCalledTimes(1);
  // two steps of the second-order solver, in each direction
  expect(edits).toEqual([8]);
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines.find(({ event }) => event === "read_ahead")).toMatchObject({
    bytes: await allBytes(),
  });
  expect(lines.find(({ event }) => event === "ready")).toMatchObject({
    starting_ms: expect.any(Number),
    loading_ms: expect.any(Number),
    warming_ms: expect.any(Number),
  });
});

test("weights are read ahead to their end, although the sessions are open before that", async () => {
  const log: string[] = [];
  const read = () => log.map((line) => JSON.parse(line)).find(({ event }) => event === "read_ahead");
  const engine = await openEngine(MINI);
  const { server } = await serve({
    log: jsonLog((line) => void log.push(line)),
    open: async () => engine,
    warm: () => vi.waitUntil(read, { timeout: 20_000 }),
  });
  expect(await vi.waitUntil(read, { timeout: 20_000 })).toMatchObject({ bytes: await allBytes() });
  await server.close();
});

test("the log names a file that cannot be read ahead", async () => {
  const { server, logged } = await serve({}, { MODEL_MANIFEST: FLUX });
  const failed = () =>
    logged.map((line) => JSON.parse(line)).find(({ event }) => event === "read_ahead_failed");
  expect((await vi.waitUntil(failed, { timeout: 20_000 })).reason).toMatch(/ENOENT.*safetensors/);
  await server.close();
});

test("a model may find no region in the portrait; any other failure keeps it from being warm", async () => {
  const edit = vi.fn<Engine["edit"]>();
  const after = (error: Error) => warmUp({ edit, locate: () => Promise.reject(error) }, never);
  await after(new InputError("mask_empty", "nothing fits"));
  expect(edit).toHaveBeenCalledTimes(1);
  await expect(after(new InputError("image_too_small", "no"))).rejects.toThrow("no");
  await expect(after(new Error("out of memory"))).rejects.toThrow("out of memory");
  expect(edit).toHaveBeenCalledTimes(1);
});

test("a model with a window is warmed up at its largest size, any other with the smallest picture", async () => {
  const edit = vi.fn<Engine["edit"]>();
  const models = join(import.meta.dirname, "../../models");
  for (const [id, side] of [
    ["flux-dev", 1024],
    ["mini", 128],
  ] as const) {
    const manifest = await readManifest(join(models, id, "manifest.json"));
    await warmUp({ edit, locate: vi.fn() }, never, warmUpSide(manifest));
    const { photo, mask } = edit.mock.lastCall?.[0] ?? {};
    for (const bytes of [photo?.bytes, mask?.bytes])
      expect(await sharp(bytes).metadata()).toMatchObject({ width: side, height: side });
  }
});

test("the warm-up ends when the server does", async () => {
  const engine = await openEngine(MINI);
  await expect(warmUp(engine, AbortSignal.abort())).rejects.toBeInstanceOf(CanceledError);
  await engine.close();
});
