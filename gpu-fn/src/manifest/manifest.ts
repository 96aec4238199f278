import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { z } from "zod";
import { WeightsError } from "../errors.ts";

const positive = z.int().positive();

/** A file in the manifest's folder or below it; a manifest cannot refer to anything outside its folder. */
const fileSchema = z
  .string()
  .refine((path) => !isAbsolute(path) && !normalize(path).startsWith(".."), "must lie below the manifest");

const filesSchema = z.array(fileSchema).min(1);

const fluxSchema = z.object({
  in_channels: positive,
  out_channels: positive,
  vec_in_dim: positive,
  context_in_dim: positive,
  hidden_size: positive,
  mlp_ratio: z.number().positive(),
  num_heads: positive,
  depth: z.int().min(0),
  depth_single_blocks: z.int().min(0),
  axes_dim: z.array(positive).length(3),
  theta: z.number().positive(),
  qkv_bias: z.boolean(),
  guidance_embed: z.boolean(),
});

const autoencoderSchema = z.object({
  in_channels: positive,
  out_ch: positive,
  ch: positive,
  ch_mult: z.array(positive).min(1),
  num_res_blocks: positive,
  z_channels: positive,
  gn_groups: positive.default(32),
  gn_eps: z.number().positive().default(1e-6),
  scale_factor: z.number().optional(),
  shift_factor: z.number().optional(),
  /** Mean and standard deviation per channel, in place of the two scalars: latent = (mean − m_c)/s_c. */
  latent_mean: z.array(z.number()).optional(),
  latent_std: z.array(z.number().positive()).optional(),
});

const clipSchema = z.object({
  vocab_size: positive,
  hidden_size: positive,
  intermediate_size: positive,
  num_hidden_layers: positive,
  num_attention_heads: positive,
  max_position_embeddings: positive,
  projection_dim: positive,
  hidden_act: z.string().default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  eos_token_id: z.int(),
  pad_token_id: z.int(),
});

const t5Schema = z.object({
  vocab_size: positive,
  d_model: positive,
  d_kv: positive,
  d_ff: positive,
  num_layers: positive,
  num_heads: positive,
  relative_attention_num_buckets: positive.default(32),
  relative_attention_max_distance: positive.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.literal("gated-gelu"),
  eos_token_id: z.int(),
  pad_token_id: z.int(),
});

const paslSchema = z.object({
  channels: z.array(positive).length(6),
  strides: z.array(z.int().min(1).max(2)).length(6),
  dilations: z.array(positive).length(6).optional(),
  leaky_slope: z.number().default(0.01),
  text_dim: positive,
  text_hidden: positive,
  /** Side of PASL's input, in pixels. */
  size: positive,
});

/** A text encoder with its tokenizer. */
const textEncoderSchema = z.object({
  files: filesSchema,
  tokenizer: fileSchema,
  length: positive,
  config: clipSchema,
});

/** The model's own PASL. It reads prompts with `text`, or else with the model's CLIP, which then needs its projection. */
const ownPaslSchema = z.object({
  files: filesSchema,
  config: paslSchema,
  text: textEncoderSchema.optional(),
});

/** PASL and text encoder of the model that ships with the engine. */
const shippedPaslSchema = z.object({
  shipped: z.literal("mini"),
  /** Written by `pasl:align`: the shipped PASL with a projector for the model's own CLIP, used if it exists. */
  aligned: z.object({ file: fileSchema, text_hidden: positive }),
});

/** A repository on the hub at a revision. */
const repositorySchema = z.object({
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  revision: z.string().default("main"),
});

/** Where the files come from: each under its own name in `repo`, except those listed in `elsewhere`. */
const hubSchema = repositorySchema.extend({
  elsewhere: z
    .record(
      fileSchema,
      repositorySchema.extend({ path: fileSchema, tensors: z.array(z.string()).optional() }),
    )
    .default({}),
});

/** The terms that a user of the weights agrees to. */
const termsSchema = z.object({ name: z.string(), url: z.url(), accept: z.boolean(), notice: z.string() });

/** How a device runs the model: the arithmetic of its two large parts, and where the source's V comes from. */
const deviceSchema = z.object({
  compute: z.enum(["float32", "float16", "bfloat16"]),
  value_path: z.enum(["cache", "paired", "background"]),
});

/** Files in black-forest-labs' naming, and the shards of the same part in diffusers'. */
const layoutFields = { files: filesSchema, diffusers: filesSchema.optional() };

/**
 * For models that can edit part of a portrait, in any shape: a photo with a side longer than `resolution` is cropped
 * around the mask. Without a window, the model sees whole faces: the largest square of the photo.
 */
const windowSchema = z.object({
  /** Shorter side of the edited part, in pixels. */
  min: positive,
  /** Margin around the mask's box on each side, as a share of the box's longer side. */
  margin: z.number().min(0).default(0.5),
});

const manifestSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string(),
  licence: z.string(),
  terms: termsSchema.optional(),
  hub: hubSchema.optional(),
  /** Side of the square that the model edits, in pixels; with a window, the longest side of the edited part. */
  resolution: positive,
  window: windowSchema.optional(),
  flux: z.object({ ...layoutFields, config: fluxSchema }),
  autoencoder: z.object({ ...layoutFields, config: autoencoderSchema }),
  clip: textEncoderSchema.extend({
    /** File with the text projection if `files` have none. FLUX does not need it, but a PASL that uses CLIP does. */
    projection: fileSchema.optional(),
  }),
  /** What the model was taught to read (`words/vocabulary.ts`); without it, the model reads any English. */
  vocabulary: fileSchema.optional(),
  t5: z.object({ files: filesSchema, tokenizer: fileSchema, length: positive, config: t5Schema }),
  /** Without it, every edit must bring a mask. */
  pasl: z.union([ownPaslSchema, shippedPaslSchema]).optional(),
  schedule: z
    .object({
      /** Default spacing of an edit's timesteps: FLUX.1-dev's, shifted towards noise, or even. */
      spacing: z.enum(["flux", "even"]).default("flux"),
      /** Steps of the preset `fast`, if not FLUX's. */
      fast_steps: positive.optional(),
    })
    .prefault({}),
  devices: z
    .object({
      cpu: deviceSchema.default({ compute: "float32", value_path: "cache" }),
      cuda: deviceSchema.default({ compute: "bfloat16", value_path: "paired" }),
    })
    .prefault({}),
  defaults: z.object({
    steps: positive,
    structuring_steps: z.int().min(0),
    value_blocks: z.int().min(0),
    guidance: z.object({
      inversion: z.number(),
      edit: z.number(),
      method: z.enum(["distilled", "true"]).default("distilled"),
    }),
  }),
});

/** Checks that the parts of a manifest are consistent. */
const soundSchema = manifestSchema.superRefine(({ resolution, window, autoencoder }, context) => {
  const unit = 2 ** autoencoder.config.ch_mult.length;
  if (resolution % unit !== 0)
    context.addIssue({ code: "custom", path: ["resolution"], message: `must be a multiple of ${unit}` });
  if (window && window.min > resolution)
    context.addIssue({ code: "custom", path: ["window", "min"], message: `must be at most ${resolution}` });
});

type Described = z.output<typeof manifestSchema>;

/** Describes a model: its files, configs, resolution and defaults. It is all that the engine knows of a model. */
export interface Manifest extends Omit<Described, "pasl"> {
  /** Folder of the files. */
  readonly folder: string;
  readonly pasl?: OwnPasl | ShippedPasl | undefined;
}

export type TextEncoderPart = z.output<typeof textEncoderSchema>;
export type OwnPasl = z.output<typeof ownPaslSchema>;

export interface ShippedPasl {
  /** The embedded model's PASL, with its folder. */
  readonly shipped: OwnPasl & { readonly folder: string };
  readonly aligned: { readonly file: string; readonly text_hidden: number };
}

/** The model that ships with the engine. */
const EMBEDDED = join(import.meta.dirname, "../../models/mini/manifest.json");

/** @throws WeightsError if the manifest is missing or contains something that the engine does not know */
export async function readManifest(path: string): Promise<Manifest> {
  const described = await describedBy(path);
  const folder = dirname(path);
  const { pasl } = described;
  if (pasl === undefined || !("shipped" in pasl)) return { ...described, folder, pasl };
  return { ...described, folder, pasl: { ...pasl, shipped: await embeddedPasl() } };
}

async function embeddedPasl(): Promise<ShippedPasl["shipped"]> {
  const { pasl, clip: text } = await describedBy(EMBEDDED);
  if (pasl === undefined || "shipped" in pasl) throw new WeightsError("the embedded model has no PASL");
  return { ...pasl, text, folder: dirname(EMBEDDED) };
}

async function describedBy(path: string): Promise<Described> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new WeightsError(`the model manifest cannot be read: ${path}`, { cause });
  });
  const parsed = soundSchema.safeParse(parseJson(text, path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WeightsError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return parsed.data;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WeightsError(`${path} is not JSON`, { cause });
  }
}
