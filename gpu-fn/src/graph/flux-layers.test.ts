import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openWeights } from "../safetensors/safetensors.ts";
import type { ComputeType } from "./builder.ts";
import { buildFlux } from "./flux.ts";
import type { FluxConfig } from "./flux-config.ts";

const folder = fileURLToPath(new URL("../../parity/cases/flux_bfl", import.meta.url));
const config: FluxConfig = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const weights = openWeights(`${folder}/weights.safetensors`);

/** Number of a graph's nodes of a type: the field `op_type` of ONNX's NodeProto is 4, a string. */
function nodesOf(bytes: Uint8Array, type: string): number {
  const field = `${String.fromCharCode((4 << 3) | 2, type.length)}${type}`;
  return Buffer.from(bytes).toString("latin1").split(field).length - 1;
}

// An MLP in each stream of a double block, one in each single block: 76 in FLUX.1. A Gemm with a bias is two products
// on a GPU, and these are the widest.
test.each<[ComputeType, gelu: "FastGelu" | "Gelu", other: string]>([
  ["bfloat16", "FastGelu", "Gelu"],
  ["float16", "FastGelu", "Gelu"],
  ["float32", "Gelu", "FastGelu"],
])("in %s every MLP has its own %s, which adds the bias in half precision", (compute, gelu, other) => {
  const { bytes } = buildFlux(weights, config, { compute });
  expect(nodesOf(bytes, gelu)).toBe(2 * config.depth + config.depth_single_blocks);
  expect(nodesOf(bytes, other)).toBe(0);
});
