import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WeightsError } from "../errors.ts";
import { weightFiles } from "./files.ts";
import { readManifest } from "./manifest.ts";
import { paslOf } from "./pasl-part.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-manifest-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function changed(change: (manifest: Record<string, object>) => unknown): Promise<string> {
  const path = join(folder, "manifest.json");
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(MINI, "utf8")))));
  return path;
}

test("the embedded model's manifest names files that exist beside it", async () => {
  const manifest = await readManifest(MINI);
  expect(manifest.id).toBe("mini");
  expect(weightFiles(manifest)).toHaveLength(5);
  for (const file of weightFiles(manifest)) expect((await readFile(file)).length).toBeGreaterThan(1000);
});

test.each([
  ["a file above the manifest", { files: ["../../../secret.safetensors"] }],
  ["an absolute file", { files: ["/etc/passwd"] }],
  ["no file", { files: [] }],
])("refuses %s", async (_, part) => {
  const path = await changed((manifest) => ({
    ...manifest,
    flux: { ...manifest.flux, ...part },
  }));
  await expect(readManifest(path)).rejects.toThrow(WeightsError);
});

test("a window has its own margin or the default one; without a window the square is edited", async () => {
  expect((await readManifest(MINI)).window).toBeUndefined();
  const path = await changed((manifest) => ({ ...manifest, window: { min: 64 } }));
  expect((await readManifest(path)).window).toEqual({ min: 64, margin: 0.5 });
});

test.each([
  [{ window: { min: 136 } }, /: window\.min: must be at most 128$/],
  [{ window: { min: 64, margin: -1 } }, /: window\.margin: /],
  [{ resolution: 100 }, /: resolution: must be a multiple of 8$/],
])("refused: %j", async (change, message) => {
  const path = await changed((manifest) => ({ ...manifest, ...change }));
  await expect(readManifest(path)).rejects.toThrow(message);
});

describe("PASL", () => {
  const aligned = { file: "aligned.safetensors", text_hidden: 1024 };

  test("of the model itself uses the model's CLIP, or the text encoder that it names", async () => {
    const mini = await readManifest(MINI);
    expect(paslOf(mini)).toMatchObject({ folder: mini.folder, files: ["pasl.safetensors"], text: undefined });
    const path = await changed((manifest) => ({
      ...manifest,
      pasl: { ...manifest.pasl, text: manifest.clip },
    }));
    expect(paslOf(await readManifest(path))).toMatchObject({
      folder,
      text: { tokenizer: mini.clip.tokenizer },
    });
  });

  test("that ships uses its own text encoder, until one aligned to the model's CLIP exists", async () => {
    const mini = await readManifest(MINI);
    const path = await changed((manifest) => ({ ...manifest, pasl: { shipped: "mini", aligned } }));
    const manifest = await readManifest(path);
    expect(paslOf(manifest)).toMatchObject({ folder: mini.folder, text: { files: mini.clip.files } });
    expect(weightFiles(manifest)).toContain(join(mini.folder, "pasl.safetensors"));
    await writeFile(join(folder, aligned.file), "");
    const own = paslOf(manifest);
    expect(own).toMatchObject({ folder, files: [aligned.file], text: undefined });
    expect([own.config.text_dim, own.config.text_hidden]).toEqual([mini.clip.config.projection_dim, 1024]);
    await rm(join(folder, aligned.file));
  });

  test.each([{ shipped: "other", aligned }, { shipped: "mini" }, { files: ["pasl.safetensors"] }])(
    "refused: %j",
    async (pasl) => {
      const path = await changed((manifest) => ({ ...manifest, pasl }));
      await expect(readManifest(path)).rejects.toThrow(/pasl/);
    },
  );

  test("a model without PASL reports that", async () => {
    const path = await changed(({ pasl, ...rest }) => rest);
    const manifest = await readManifest(path);
    expect(() => paslOf(manifest)).toThrow("mini comes without PASL");
  });
});

test("an error names the place in the manifest", async () => {
  const path = await changed((manifest) => ({ ...manifest, resolution: "large" }));
  await expect(readManifest(path)).rejects.toThrow(/resolution/);
  await expect(readManifest(join(folder, "none.json"))).rejects.toThrow("cannot be read");
});
