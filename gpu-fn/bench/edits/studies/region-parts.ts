/** Parts of a region as a user might draw them: coverage bytes, `side²` of them, 0 beyond the part. */

type Inside = (x: number, y: number, middle: { readonly x: number; readonly y: number }) => boolean;

function part(region: Uint8Array, side: number, inside: Inside): Uint8Array {
  let [mass, x, y] = [0, 0, 0];
  region.forEach((coverage, i) => {
    mass += coverage;
    x += coverage * (i % side);
    y += coverage * Math.floor(i / side);
  });
  const middle = { x: x / mass, y: y / mass };
  return region.map((coverage, i) => (inside(i % side, Math.floor(i / side), middle) ? coverage : 0));
}

/** What lies left, in the picture, of the region's centre of mass: one lens, one cheek. */
export function leftPart(region: Uint8Array, side: number): Uint8Array {
  return part(region, side, (x, _, middle) => x < middle.x);
}

/** What lies above it: the upper lip. */
export function upperPart(region: Uint8Array, side: number): Uint8Array {
  return part(region, side, (_, y, middle) => y < middle.y);
}

/** `inside` where the mask covers, `outside` where it does not, mixed by coverage between. */
export function blend(inside: Uint8Array, outside: Uint8Array, mask: Uint8Array): Uint8Array {
  return inside.map((value, i) => {
    const coverage = (mask[Math.floor(i / 3)] as number) / 255;
    return Math.round(coverage * value + (1 - coverage) * (outside[i] as number));
  });
}
