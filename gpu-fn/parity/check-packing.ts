/** `packing`: 2x2 packing, ids, RoPE tables, timestep features, mask resizing. */
import { resizeMask } from "../src/image/mask-grid.ts";
import { imageIds, packLatent, ropeTables, timestepEmbedding, unpackLatent } from "../src/tensor/packing.ts";
import type { ParityCase } from "./case.ts";
import { MASK_MODES } from "./mask-modes.ts";

const AXES: Readonly<Record<string, readonly number[]>> = { dev: [16, 56, 56], tiny: [4, 6, 6] };
const THETA = 10000;

export async function checkPacking(parity: ParityCase): Promise<void> {
  const names = [...parity.io.names()];
  if (parity.io.has("in.latent")) checkLatent(parity);
  for (const name of names.filter((name) => /^rope\..*\.in$/.test(name)))
    checkRope(parity, name.slice(0, -3));
  if (parity.io.has("temb.in")) parity.compare("temb.out", timestepEmbedding([...parity.input("temb.in")]));
  for (const name of names.filter((name) => /^mask\d+\.out\./.test(name))) checkMask(parity, name);
}

function checkLatent(parity: ParityCase): void {
  const [batch = 0, channels = 0, height = 0, width = 0] = parity.shape("in.latent");
  const each = (values: Float32Array, work: typeof packLatent) => {
    const size = values.length / batch;
    const rows = Array.from({ length: batch }, (_, row) => values.slice(row * size, (row + 1) * size));
    return rows.flatMap((row) => [...work(row, channels, height, width)]);
  };
  const latent = parity.input("in.latent");
  parity.compare("out.packed", each(latent, packLatent));
  parity.measure("unpacked", each(parity.input("out.packed"), unpackLatent), latent);
  parity.compare("out.img_ids", imageIds(height / 2, width / 2));
}

/** The reference writes each pair's rotation as a matrix [[cos, −sin], [sin, cos]]. */
function checkRope(parity: ParityCase, at: string): void {
  const axes = parity.config.axes?.[at.slice("rope.".length)] ?? AXES[at.slice("rope.".length)] ?? [];
  const { cos, sin } = ropeTables(parity.input(`${at}.in`), axes, parity.config.theta ?? THETA);
  const matrices = [...cos].flatMap((c, index) => [c, -(sin[index] ?? 0), sin[index] ?? 0, c]);
  parity.compare(`${at}.out`, matrices);
}

function checkMask(parity: ParityCase, name: string): void {
  const [, source = "", mode = ""] = /^(mask\d+)\.out\.(.*)$/.exec(name) ?? [];
  const [height = 0, width = 0] = parity.shape(`${source}.in`);
  const [newHeight = 0, newWidth = 0] = parity.shape(name);
  const mask = { data: parity.input(`${source}.in`), height, width };
  parity.compare(name, resizeMask(mask, newHeight, newWidth, MASK_MODES[mode]).data);
}
