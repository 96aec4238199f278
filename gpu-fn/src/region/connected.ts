import type { Mask } from "../image/picture.ts";

/**
 * Cells that connect to some others, sides touching.
 * @param isStart whether a cell is one of these others
 * @param goesOn whether a cell can be passed
 * @returns 1 for each start and for each cell that is reached, else 0
 */
export function connected(
  { width, height, data }: Mask,
  isStart: (cell: number) => boolean,
  goesOn: (value: number) => boolean,
): Uint8Array {
  const found = new Uint8Array(data.length);
  const next = new Int32Array(data.length);
  let count = 0;
  const reach = (cell: number) => {
    found[cell] = 1;
    if (goesOn(data[cell] as number)) next[count++] = cell;
  };
  const pass = (cell: number) => {
    if (found[cell] === 0 && goesOn(data[cell] as number)) reach(cell);
  };
  for (let cell = 0; cell < data.length; cell++) if (isStart(cell)) reach(cell);
  while (count > 0) {
    const cell = next[--count] as number;
    const column = cell % width;
    if (cell >= width) pass(cell - width);
    if (cell < width * (height - 1)) pass(cell + width);
    if (column > 0) pass(cell - 1);
    if (column < width - 1) pass(cell + 1);
  }
  return found;
}
