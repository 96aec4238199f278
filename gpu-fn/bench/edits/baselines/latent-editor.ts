/** What all baselines share: a portrait into a latent, prompts into conditions, and the edited latent to a picture. */

import { latentOf, pictureOf } from "../../../src/edit/latents.ts";
import { type FusedFeatures, IMAGE_VALUES } from "../../../src/graph/fusion-options.ts";
import { toModel, wholeOf } from "../../../src/image/crop.ts";
import { decodePhoto } from "../../../src/image/decode.ts";
import { partFiles } from "../../../src/manifest/files.ts";
import type { Condition } from "../../../src/method/condition.ts";
import type { VelocityModel } from "../../../src/method/detailing.ts";
import type { Model } from "../../../src/model/model.ts";
import { openTransformer, type Transformer } from "../../../src/model/transformer.ts";
import { bindModel, withTrueGuidance } from "../../../src/model/velocity-model.ts";
import { openWeights } from "../../../src/safetensors/safetensors.ts";
import type { Editor } from "../editor.ts";
import type { BaselineSettings, Guidance } from "./settings.ts";

/** One edit as a baseline sees it. */
export interface LatentTask {
  readonly velocities: VelocityModel;
  /** Z_0 of the portrait: packed tokens [L, C]. */
  readonly clean: Float32Array;
  /** N: steps of each pass. */
  readonly steps: number;
  /** L. */
  readonly imageTokens: number;
  /** The source's prompt at guidance 1. */
  readonly source: Condition;
  /** The target's prompt at the edit's guidance. */
  readonly target: Condition;
  /** The null prompt at guidance 1. */
  readonly empty: Condition;
  /** Of the edit's random numbers. */
  readonly seed: number;
}

/** The transformer a baseline wants: how many of the last blocks take which features of the source. */
export interface BaselineUse {
  readonly blocks: number;
  readonly fused: FusedFeatures;
}

/** The transformer without fusion. */
export const PLAIN: BaselineUse = { blocks: 0, fused: IMAGE_VALUES };

/**
 * An editor that works on latents: no mask, nothing pasted back.
 * @param edit from the portrait's clean latent to the edited one, [L, C] both
 */
export function latentEditor(
  name: string,
  model: Model,
  use: BaselineUse,
  settings: BaselineSettings,
  edit: (task: LatentTask) => Promise<Float32Array>,
): Editor {
  const { grid } = model;
  return {
    name,
    async edit(asked, { file, part }) {
      const { scale, method } = guidanceFor(model, settings);
      const photo = await decodePhoto(file);
      const { resolution } = model.manifest;
      const image = await toModel(photo, part ?? wholeOf(photo), { height: resolution, width: resolution });
      const clean = await latentOf(model, image);
      const conditioned = async (prompt: string, guidance: number): Promise<Condition> => ({
        ...(await model.condition(prompt)),
        guidance,
      });
      const empty = await conditioned("", 1);
      const bound = bindModel(await transformerOf(model, use), { rows: grid, columns: grid });
      const edited = await edit({
        velocities: method === "true" ? withTrueGuidance(bound, empty) : bound,
        clean,
        steps: settings.steps,
        imageTokens: grid * grid,
        source: await conditioned(asked.sourcePrompt, 1),
        target: await conditioned(asked.targetPrompt, scale),
        empty,
        seed: settings.seed,
      });
      return { picture: await pictureOf(model, edited), reconstructed: await pictureOf(model, clean) };
    },
  };
}

/** The settings' guidance if they give one, else the model's. */
export function guidanceFor({ manifest }: Model, { guidance }: BaselineSettings): Guidance {
  const { edit, method } = manifest.defaults.guidance;
  return { scale: guidance.scale ?? edit, method: guidance.method ?? method };
}

const opened = new WeakMap<Model, Map<string, Promise<Transformer>>>();

/** Opened once a use: the product's own model has no such features. */
function transformerOf(model: Model, { blocks, fused }: BaselineUse): Promise<Transformer> {
  const { manifest, execution } = model;
  const uses = opened.get(model) ?? new Map<string, Promise<Transformer>>();
  opened.set(model, uses);
  const key = `${blocks} ${fused.features.join("")} ${fused.rows}`;
  const known = uses.get(key);
  if (known) return known;
  const { device: provider, compute } = execution;
  const opening = openTransformer(openWeights(...partFiles(manifest, manifest.flux)), manifest.flux.config, {
    session: { provider, compute },
    ...(blocks > 0 ? { values: { blocks, source: "cache", fused, kept: "float16" } } : {}),
  });
  uses.set(key, opening);
  return opening;
}
