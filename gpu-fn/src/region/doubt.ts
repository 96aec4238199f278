/** How far a located region reaches where PASL is not sure of its edge. */
import type { Mask } from "../image/picture.ts";
import { connected } from "./connected.ts";

/** From this value on PASL is sure of a cell. */
const SURE = 0.5;

/** Down to this value it has a doubt. */
const TRACE = 0.03;

/** A doubted cell counts so many times its value: what is seen from 0.5 on is then seen from 0.1 on. */
const COUNTS = 5;

/**
 * Raises the doubted edge of what PASL is sure of: strands that keep their old colour are seen, a few more pixels of an edit
 * that leaves them alone are not. A doubt elsewhere stays as it is: it is mostly another thing.
 */
export function reachingAsFarAsDoubted(mask: Mask): Mask {
  const near = connected(
    mask,
    (cell) => (mask.data[cell] as number) >= SURE,
    (value) => value > TRACE,
  );
  return {
    ...mask,
    data: mask.data.map((value, cell) => (near[cell] ? Math.min(1, COUNTS * value) : value)),
  };
}
