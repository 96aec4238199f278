import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAYOUTS } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { openSession } from "../model/session.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { parametersOf, type Wanted, wantedTensors } from "../weights/expected-tensors.ts";
import { encode, writeScaledModel } from "../weights/scaled-model.fixture.ts";
import { examine } from "./examine.ts";
import { checkGraphs, graphsOf } from "./graphs.ts";
import { writeHeaders } from "./headers.ts";

const root = mkdtempSync(join(tmpdir(), "flux-doctor-"));
let dev: Manifest;

beforeAll(async () => {
  dev = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
});
afterAll(() => rmSync(root, { recursive: true }));

/** SHA-256 of the sorted lines `name [shape]`. */
function digestOf(wanted: Wanted): string {
  const lines = [...wanted].map(([name, shape]) => `${name} [${shape.join(", ")}]`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
}

// Counts, parameters and digests of the lists of names and shapes in the published checkpoints
// (FLUX.1-dev in both layouts; the transformer's and autoencoder's were checked against diffusers' modules).
test.each([
  ["bfl", "flux", 780, 11_901_408_320, "1f1618222a5cec10"],
  ["diffusers", "flux", 1160, 11_901_408_320, "6b4a404547a7d897"],
  ["bfl", "autoencoder", 244, 83_819_683, "02e25618403d3cfa"],
  ["diffusers", "autoencoder", 244, 83_819_683, "0287a108a616e46a"],
] as const)(
  "%s %s: the engine wants exactly what the checkpoint has",
  (layout, part, count, parameters, digest) => {
    const wanted = wantedTensors(dev, layout)[part];
    expect([wanted.size, parametersOf(wanted), digestOf(wanted)]).toEqual([count, parameters, digest]);
  },
);

test("text encoders and PASL have the published sizes", () => {
  const { pasl: described } = dev;
  if (!described || !("shipped" in described)) throw new Error("FLUX.1-dev uses the PASL that ships");
  const paper = {
    ...described.shipped.config,
    ...{
      channels: [64, 128, 256, 512, 512, 512],
      strides: [1, 2, 2, 2, 1, 1],
      text_dim: 768,
      text_hidden: 1024,
    },
  };
  const own: Manifest = { ...dev, pasl: { files: ["pasl.safetensors"], config: paper } };
  const { clip, t5, pasl } = wantedTensors(own, "bfl");
  // ViT-L/14's text tower 123.06 M with its projection of 768 x 768; T5 v1.1 XXL's encoder 4.76 G; Table 6's 6,270,592
  // for PASL's image encoder and its projector
  expect(parametersOf(clip) - 768 * 768).toBe(123_060_480);
  expect(parametersOf(t5)).toBe(4_762_310_656);
  expect(parametersOf(pasl)).toBe(6_270_592 + 768 * 1024 + 1024 + 1024 * 512 + 512);
});

describe("from headers only", () => {
  test.each(LAYOUTS)(
    "all of FLUX.1-dev passes the runtime's type and shape inference: %s",
    async (layout) => {
      const folder = join(root, `headers-${layout}`);
      const manifest = { ...dev, folder };
      writeHeaders(manifest, layout, folder);
      expect(statSync(join(folder, dev.t5.files[0] as string)).blocks * 512).toBeLessThan(1e6);
      const graphs = await checkGraphs(manifest);
      expect(graphs.map(({ name }) => name)).toContain("T5 encoder");
      for (const { nodes, bytes } of graphs) {
        expect(nodes).toBeGreaterThan(300);
        expect(bytes).toBeLessThan(1e6);
      }
    },
  );

  test("in bfloat16 too, up to the missing kernels of the processor, which come after the inference", async () => {
    const manifest = { ...dev, folder: join(root, "headers-bfl") };
    for (const [name, make] of graphsOf(manifest, "bfloat16").filter(([name]) => /^(trans|T5)/.test(name)))
      await expect(openSession(make(), { checkOnly: true }), name).rejects.toThrow(
        "Could not find an implementation",
      );
  });

  test("an inconsistent graph is refused", async () => {
    const manifest = { ...dev, folder: join(root, "headers-bfl") };
    const config = { ...dev.flux.config, context_in_dim: 4000 };
    await expect(checkGraphs({ ...manifest, flux: { ...dev.flux, config } })).rejects.toThrow(
      'tensor "txt_in.weight" has shape [3072,4096], expected [3072,4000]',
    );
  });
});

describe.each(LAYOUTS)("a scaled model in the layout %s", (layout) => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = await writeScaledModel(join(root, layout), layout);
  });
  const file = () => join(manifest.folder, manifest.clip.files[0] as string);

  test("is runnable and locates with the shipped PASL; without a PASL it locates nothing", async () => {
    const { runnable, locates, parts } = await examine(manifest);
    expect([runnable, locates]).toEqual([true, true]);
    for (const { part, right } of parts) expect(right, part).toBeGreaterThan(1);
    const { pasl, ...blind } = manifest;
    expect(await examine(blind)).toMatchObject({ runnable: true, locates: false });
  });

  test("locates only with the text projection if its PASL uses the model's CLIP", async () => {
    const { pasl } = manifest;
    if (!pasl || !("shipped" in pasl)) throw new Error("the scaled model uses the PASL that ships");
    const { folder, text, ...own } = pasl.shipped;
    const paslFile = join(folder, own.files[0] as string);
    cpSync(paslFile, join(manifest.folder, "own.safetensors"));
    const reading = { ...manifest, pasl: { ...own, files: ["own.safetensors"] } };
    expect(await examine(reading)).toMatchObject({ runnable: true, locates: false });
    const projection = join(manifest.folder, manifest.clip.projection as string);
    mkdirSync(dirname(projection), { recursive: true });
    writeFileSync(projection, encode(new Map([["text_projection.weight", [32, 32]]])));
    expect(await examine(reading)).toMatchObject({ runnable: true, locates: true });
    rmSync(projection);
  });

  test("reports what is missing, unused, or of a wrong type or shape", async () => {
    const before = readFileSync(file());
    const weights = openWeights(file());
    const tensors = new Map([...weights.names()].map((name) => [name, weights.get(name).shape] as const));
    tensors.delete("text_model.final_layer_norm.bias");
    tensors.set("text_model.final_layer_norm.weight", [31]);
    tensors.set("vision_model.a", [2]);
    const bytes = Buffer.from(encode(tensors)).toString("latin1");
    const at = "text_model.encoder.layers.0.mlp.fc1.bias";
    writeFileSync(file(), bytes.replace(`"${at}":{"dtype":"BF16"`, `"${at}":{"dtype":"I16" `), "latin1");
    const { runnable, parts } = await examine(manifest);
    writeFileSync(file(), before);
    expect(runnable).toBe(false);
    expect(parts.find(({ part }) => part === "clip")?.findings.map(({ kind, text }) => [kind, text])).toEqual(
      [
        ["type", `${at} is I16, not F32, F16 or BF16`],
        ["shape", "text_model.final_layer_norm.weight is [31], not [32]"],
        ["missing", "text_model.final_layer_norm.bias [32] is missing"],
        ["extra", "without text_projection.weight: PASL is off"],
        ["extra", "vision_model.a is not used"],
      ],
    );
  });
});

test("an empty folder is reported", async () => {
  const { runnable, parts } = await examine({ ...dev, folder: root });
  expect(runnable).toBe(false);
  expect(parts.flatMap(({ findings }) => findings.map(({ kind }) => kind))).toEqual(Array(6).fill("file"));
});
