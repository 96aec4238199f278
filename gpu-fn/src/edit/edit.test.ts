// The paper's invariants on the embedded model itself.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { InputError } from "../errors.ts";
import { fromModel, portraitSquare, toModel } from "../image/crop.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import type { Ablation } from "./ablation.ts";
import { editPortrait } from "./edit.ts";
import { InversionCache } from "./inversion-cache.ts";
import type { EditRequest, EditResult } from "./request.ts";

const STEPS = 3;
const EXAMPLE = join(import.meta.dirname, "../../examples/portrait-01.png");

let model: Model;
let photo: Uint8Array;
let white: Uint8Array;
/** The edit without any change, and the one of a wholly masked photo without fusion. */
let standard: EditResult;
let plain: EditResult;

beforeAll(async () => {
  model = await openModel(await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json")));
  photo = await readFile(EXAMPLE);
  const { width, height } = await sharp(photo).metadata();
  white = await sharp({ create: { width, height, channels: 3, background: "white" } })
    .png()
    .toBuffer();
  standard = await edit();
  plain = await edit({ mask: { bytes: white }, ablation: { latent_fusion: false, value_fusion: false } });
});
afterAll(() => model.release());

type Change = Partial<Omit<EditRequest, "ablation">> & { ablation?: Partial<Ablation>; structuring?: number };

function edit(
  { ablation, structuring = 2, ...change }: Change = {},
  inversions?: InversionCache,
): Promise<EditResult> {
  const request: EditRequest = {
    photo: { bytes: photo },
    prompt: "a person wearing glasses",
    sourcePrompt: "a person.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({ steps: STEPS, structuring_steps: structuring }),
    composite: "paste-back",
    ...change,
    ...(ablation ? { ablation } : {}),
  };
  return editPortrait(model, request, inversions ? { inversions } : {});
}

function furthest(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}

describe("the mask", () => {
  test("M = 1 everywhere is the plain edit, bit for bit", async () => {
    const masked = await edit({ mask: { bytes: white } });
    expect(masked.decoded).toEqual(plain.decoded);
  });

  test("M = 0 with T = N is exactly decode(encode(source))", async () => {
    const { decoded, source } = await edit({
      mask: { bytes: white },
      structuring: STEPS,
      ablation: { mask: "none" },
    });
    const square = portraitSquare(source.width, source.height);
    const { resolution } = model.manifest;
    const latent = await model.encode(
      await toModel(source, square, { width: resolution, height: resolution }),
    );
    expect(decoded).toEqual(fromModel(await model.decode(latent)));
  });

  test("outside PASL's region the photo stays the same, byte for byte", () => {
    const { edited, source, mask, coverage } = standard;
    expect(coverage).toBeGreaterThan(0.01);
    expect(coverage).toBeLessThan(0.5);
    let kept = 0;
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] !== 0) continue;
      kept += 1;
      for (let c = 0; c < 3; c++)
        if (edited.rgb[3 * i + c] !== source.rgb[3 * i + c])
          expect.fail(`pixel ${i} changed outside the mask`);
    }
    expect(kept).toBeGreaterThan(mask.length / 4);
    expect(furthest(edited.rgb, source.rgb)).toBeGreaterThan(30);
  });
});

describe("value fusion", () => {
  test("the paired graph gives the same result as recording and injecting", async () => {
    const paired = await edit({ ablation: { value_path: "paired" } });
    expect(furthest(standard.decoded, paired.decoded)).toBeLessThanOrEqual(1);
    const without = await edit({ ablation: { value_fusion: false } });
    expect(furthest(standard.decoded, without.decoded)).toBeGreaterThan(1);
  });

  test("the background path is the plain edit if all tokens are masked, and close to the paper's if few are", async () => {
    const frozen = { value_path: "background" } as const;
    const masked = await edit({ mask: { bytes: white }, ablation: frozen });
    expect(furthest(masked.decoded, plain.decoded)).toBeLessThanOrEqual(1);
    const few = await edit({ ablation: frozen });
    expect(few.decoded).not.toEqual(standard.decoded);
    expect(masked.tokens).toEqual({ computed: 256, all: 256 });
    expect(standard.tokens).toEqual({ computed: 256, all: 256 });
    expect(few.tokens.computed % 32).toBe(0);
    expect(few.tokens.computed).toBeLessThan(128);
    expect(few.changed).toBeCloseTo(standard.changed, 1);
  });

  test("T beyond N and m beyond the blocks are refused", async () => {
    const blocks = model.manifest.flux.config.depth_single_blocks;
    const schedule = scheduleSchema.parse({ steps: 2, structuring_steps: 1, value_blocks: blocks + 1 });
    await expect(edit({ schedule })).rejects.toThrow(`the model has ${blocks} blocks`);
    expect(scheduleSchema.safeParse({ steps: 2, structuring_steps: 3 }).success).toBe(false);
  });
});

test("true guidance of 1 uses only the prompt; a stronger one takes a second evaluation", async () => {
  const scaled = (scale: number, method: string) =>
    scheduleSchema.parse({ steps: STEPS, structuring_steps: 2, guidance: { edit: scale, method } });
  const alone = await edit({ schedule: scaled(1, "true") });
  expect(alone.decoded).toEqual((await edit({ schedule: scaled(1, "distilled") })).decoded);
  const strong = await edit({ schedule: scaled(5, "true") });
  expect(strong.evaluations).toBe(6 * STEPS);
  expect(furthest(strong.decoded, alone.decoded)).toBeGreaterThan(5);
});

test("without inversion it starts from a fixed noise: the paired graph and recording give the same", async () => {
  const beside = await edit({ ablation: { inversion: "none" } });
  const paired = await edit({ ablation: { inversion: "none", value_path: "paired" } });
  expect(furthest(beside.decoded, paired.decoded)).toBeLessThanOrEqual(1);
  expect((await edit({ ablation: { inversion: "none" } })).decoded).toEqual(beside.decoded);
});

test("the same request gives the same picture", async () => {
  expect((await edit()).edited.rgb).toEqual(standard.edited.rgb);
});

test("one kept inversion works for every prompt, T and pairing, with the same pictures", async () => {
  const inversions = new InversionCache();
  const changes: Change[] = [
    { structuring: 3 },
    { structuring: 1 },
    { structuring: 2, prompt: "a person with a beard" },
    { structuring: 1, ablation: { pairing: "time" } },
    { structuring: 2, ablation: { value_fusion: false } },
  ];
  for (const [index, change] of changes.entries()) {
    const kept = await edit({ ...change, inversionScope: "tenant photo" }, inversions);
    expect(kept.inversionCached).toBe(index > 0);
    expect(kept.evaluations).toBe((index > 0 ? 2 : 4) * STEPS);
    expect(kept.decoded).toEqual((await edit(change)).decoded);
  }
  const paired = await edit(
    { ablation: { value_path: "paired" }, inversionScope: "tenant photo" },
    inversions,
  );
  expect(paired.inversionCached).toBe(false);
});

test("the photo of a kept inversion is not decoded again", async () => {
  const inversions = new InversionCache();
  const scoped = { inversionScope: "tenant photo" };
  const first = await edit(scoped, inversions);
  const again = await edit({ ...scoped, photo: { bytes: new Uint8Array(8) } }, inversions);
  expect(again.edited.rgb).toEqual(first.edited.rgb);
  inversions.forget("tenant photo");
  await expect(edit({ ...scoped, photo: { bytes: new Uint8Array(8) } }, inversions)).rejects.toThrow(
    InputError,
  );
});
