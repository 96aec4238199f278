// A small FLUX.1-dev with real names and files in either layout is fetched, examined, served and used for edits.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { LAYOUTS } from "../manifest/files.ts";
import { type FakeHub, openHub } from "../weights/hub.fixture.ts";
import { scaledFiles, writeScaledManifest } from "../weights/scaled-model.fixture.ts";
import { wantedFiles } from "../weights/sources.ts";
import { allEvents, editTask, maskTask, one, PHOTO, serve } from "./client.fixture.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";

const CLI = join(import.meta.dirname, "../cli");
const root = mkdtempSync(join(tmpdir(), "flux-scaled-"));

let hub: FakeHub;
let storage: Storage;

beforeEach(async () => {
  hub = await openHub({ gated: "hf_token" });
  storage = await openStorage();
});
afterEach(() => Promise.all([hub.close(), storage.close()]));
afterAll(() => rmSync(root, { recursive: true }));

function command(name: "weights" | "doctor", ...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, HF_ENDPOINT: hub.url, HF_TOKEN: "hf_token" };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(CLI, `${name}.ts`), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}

/** Publishes the scaled model on the hub. @returns its manifest's path */
async function published(layout: (typeof LAYOUTS)[number]) {
  const manifest = await writeScaledManifest(join(root, `${layout}-source`));
  const files = scaledFiles(manifest, layout);
  for (const { repo, path, local } of wantedFiles(manifest, layout))
    hub.files.set(`${repo}/${path}`, files.get(path) ?? (files.get(local) as Uint8Array));
  return { source: join(manifest.folder, "manifest.json") };
}

async function drawnMask() {
  const { width, height } = await sharp(PHOTO).metadata();
  const half = Math.floor(height / 2);
  const white = await sharp({ create: { width, height: half, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: "#000" } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

describe.each(LAYOUTS)("%s", (layout) => {
  test("fetch, doctor, server, edit", async () => {
    const { source } = await published(layout);
    const folder = join(root, layout);
    const refused = await command("weights", source, "--to", folder, "--layout", layout);
    expect([refused.code, refused.said]).toEqual([3, expect.stringContaining("before it is agreed to")]);
    const fetched = await command("weights", source, "--to", folder, "--layout", layout, "--accept-licence");
    expect([fetched.code, fetched.said]).toEqual([0, expect.stringContaining("files downloaded")]);

    const sound = await command("doctor", source, "--dir", folder, "--graph");
    expect([sound.code, sound.said]).toEqual([0, expect.stringContaining("locates regions")]);

    const { server, client } = await serve({}, { MODEL_MANIFEST: join(folder, "manifest.json") });
    one(await allEvents(client.send("/mask", maskTask(storage))), "mask");
    const mask = { source: "user", ...storage.give("drawn", await drawnMask()) };
    const edited = one(await allEvents(client.send("/edit", editTask(storage, { mask }))), "succeeded");
    expect(edited).toMatchObject({ evaluations: 8, model: { id: "flux-dev", version: "1.0.0" } });
    const stored = storage.objects.get(edited.image.key)?.bytes as Uint8Array;
    expect((await sharp(stored).stats()).isOpaque).toBe(true);
    await server.close();
  });
});

test("the doctor names a missing shard and ends with 1", async () => {
  const { source } = await published("diffusers");
  const folder = join(root, "lost");
  await command("weights", source, "--to", folder, "--layout", "diffusers", "--accept-licence");
  rmSync(join(folder, "transformer/diffusion_pytorch_model-00002-of-00003.safetensors"));
  const { code, said } = await command("doctor", source, "--dir", folder);
  expect([code, said]).toEqual([1, expect.stringContaining("flux1-dev.safetensors: no such file")]);
  expect(said).toContain("not runnable");
});

test("wrong usage ends with 2 and one line", async () => {
  expect(await command("doctor", "flux-dev")).toMatchObject({ code: 2 });
  const { code, said } = await command("weights", "flux-max", "--to", root);
  expect([code, said]).toEqual([2, expect.stringMatching(/^error: there is no model flux-max[^\n]+\n$/)]);
});
