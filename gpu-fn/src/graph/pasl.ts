/**
 * PASL as two ONNX graphs (docs/algorithm.md section 6; Eq. 5 and 6): one for image features, computed once per photo, and
 * one for mask logits of any number of texts.
 */
import type { Weights } from "../safetensors/safetensors.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";

export interface PaslConfig {
  /** Output channels of the convolutions. */
  readonly channels: readonly number[];
  readonly strides: readonly number[];
  /** Dilations of the kernels, default 1 (Table 4): wider ones see more of the picture with the same weights. */
  readonly dilations?: readonly number[] | undefined;
  readonly leaky_slope?: number;
  /** Width of the text embedding. */
  readonly text_dim: number;
  /** Width of the projector's hidden layer. */
  readonly text_hidden: number;
}

/** Input `image` [B, 3, H, W] in −1..1; output `f_img` [B, C, h, w]. */
export function buildPaslImage(weights: Weights, config: PaslConfig, compute?: ComputeType): Graph {
  const g = new GraphBuilder("pasl image encoder", weights, compute);
  let x = g.input("image", "float", ["batch", 3, "height", "width"]);
  let from = 3;
  config.channels.forEach((to, index) => {
    const name = `encoder.conv${index + 1}`;
    const stride = config.strides[index] ?? 1;
    const apart = config.dilations?.[index] ?? 1;
    const inputs = [x, g.weight(`${name}.weight`, [to, from, 3, 3]), g.weight(`${name}.bias`, [to])];
    const conv = g.op("Conv", inputs, {
      kernel_shape: [3, 3],
      pads: [apart, apart, apart, apart],
      strides: [stride, stride],
      dilations: [apart, apart],
    });
    x = g.op("LeakyRelu", [conv], { alpha: { float: config.leaky_slope ?? 0.01 } });
    from = to;
  });
  g.output("f_img", x, ["batch", from, "mask_height", "mask_width"]);
  return g.build();
}

/**
 * Inputs: `text` [N, text_dim], and `f_img` [B, C, P] with P pixels, where B is N, or 1 for the same image with every
 * text. Outputs: `f_text` [N, C], `logits` [N, P] = Σ_c f_img·f_text, and `mask` = σ(logits).
 */
export function buildPaslMask(weights: Weights, config: PaslConfig, compute?: ComputeType): Graph {
  const g = new GraphBuilder("pasl", weights, compute);
  const channels = config.channels.at(-1) ?? 1;
  const text = g.input("text", "float", ["texts", config.text_dim]);
  const image = g.input("f_img", "float", ["images", channels, "pixels"]);
  const linear = (x: string, name: string, from: number, to: number) =>
    g.op("Gemm", [x, g.weight(`${name}.weight`, [to, from]), g.weight(`${name}.bias`, [to])], { transB: 1 });
  const hidden = g.op("Relu", [linear(text, "projector.linear1", config.text_dim, config.text_hidden)]);
  const feature = linear(hidden, "projector.linear2", config.text_hidden, channels);
  const product = g.op("MatMul", [g.op("Unsqueeze", [feature, g.ints([1])]), image]);
  const logits = g.op("Squeeze", [product, g.ints([1])]);
  g.output("f_text", feature, ["texts", channels]);
  g.output("logits", logits, ["texts", "pixels"]);
  g.output("mask", g.op("Sigmoid", [logits]), ["texts", "pixels"]);
  return g.build();
}
