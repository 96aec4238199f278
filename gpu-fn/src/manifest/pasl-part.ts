/** Which PASL and which text encoder a model uses to locate words. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { WeightsError } from "../errors.ts";
import type { Manifest, OwnPasl, TextEncoderPart } from "./manifest.ts";

export interface PaslPart {
  /** Folder of its files and of its own text encoder's. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly config: OwnPasl["config"];
  /** Its own text encoder; undefined if it uses the model's CLIP. */
  readonly text: TextEncoderPart | undefined;
}

/**
 * The model's own PASL; or the one that `pasl:align` made for the model's CLIP if it is in the model's folder; else the
 * one that ships with the engine. Undefined for a model without PASL.
 */
export function paslPart({ pasl, folder, clip }: Manifest): PaslPart | undefined {
  if (pasl === undefined) return undefined;
  if (!("shipped" in pasl)) return { ...pasl, folder, text: pasl.text };
  const { shipped, aligned } = pasl;
  if (!existsSync(join(folder, aligned.file))) return { ...shipped, text: shipped.text };
  const text = { text_dim: clip.config.projection_dim, text_hidden: aligned.text_hidden };
  return { folder, files: [aligned.file], config: { ...shipped.config, ...text }, text: undefined };
}

/** @throws WeightsError if the model comes without PASL */
export function paslOf(manifest: Manifest): PaslPart {
  const part = paslPart(manifest);
  if (part === undefined) throw new WeightsError(`${manifest.id} comes without PASL`);
  return part;
}
