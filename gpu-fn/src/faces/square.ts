/** The square that a model sees around a face. */
import { portraitSquare } from "../image/crop.ts";
import type { Part, Size } from "../image/picture.ts";
import { isWithin, placeIn } from "../image/turn.ts";
import type { FaceMarks } from "./landmarks.ts";

/**
 * The square of FFHQ's alignment (Karras et al., arXiv 1812.04948, appendix C), with the face's roll. Half its side is
 * the larger of 2·|e| and 1.8·|m|, with e from eye to eye and m from between the eyes to the mouth; its middle lies 0.1·m
 * below the eyes. Its x axis points along e minus m rotated by 90°.
 */
export function alignedSquare({ eyes: [one, other], mouth }: Pick<FaceMarks, "eyes" | "mouth">): Part {
  const eyes = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  const apart = { x: other.x - one.x, y: other.y - one.y };
  const below = { x: mouth.x - eyes.x, y: mouth.y - eyes.y };
  const across = { x: apart.x + below.y, y: apart.y - below.x };
  const side = 2 * Math.max(2 * Math.hypot(apart.x, apart.y), 1.8 * Math.hypot(below.x, below.y));
  const centre = { x: eyes.x + 0.1 * below.x, y: eyes.y + 0.1 * below.y };
  return {
    left: centre.x - side / 2,
    top: centre.y - side / 2,
    width: side,
    height: side,
    roll: Math.atan2(across.y, across.x),
  };
}

/** Side of a view as a multiple of FFHQ's. The drawn portraits that the embedded model was trained on have the first. */
const [LOOSEST, TIGHTEST] = [1.18, 1];
const SCALES = Array.from({ length: 10 }, (_, i) => LOOSEST + (i / 9) * (TIGHTEST - LOOSEST));

/** Shifts tried to bring a view into the photo, as shares of FFHQ's side; no shift comes first. */
const MOVES = [0, 0.03, -0.03, 0.06, -0.06];

/** Share of a view that may lie outside the photo. */
const BEYOND = 0.03;

/** Up to this roll, in radians, a face is as upright as those the models were trained on, and nothing is rotated. */
const LEVEL = (8 * Math.PI) / 180;

/**
 * A photo framed like the drawn portraits is seen whole. `side` bounds the ratio of FFHQ's side to the photo's square;
 * `aside` and `below` bound the offset of the face's middle from the square's, as shares of its side. If the face lies
 * even a little lower, the embedded model smears what it edits.
 */
const FRAMED = { side: [0.72, 0.96], aside: [-0.04, 0.04], below: [-0.04, 0.02] } as const;

/**
 * The view of a face: FFHQ's square with a small margin, moved into the photo if its edge is near, and rotated if the
 * head is tilted. A photo that already has this framing is seen whole.
 */
export function viewOf(face: Pick<FaceMarks, "eyes" | "mouth">, photo: Size): Part {
  const aligned = alignedSquare(face);
  const { roll: tilt = 0 } = aligned;
  const roll = Math.abs(tilt) <= LEVEL ? 0 : tilt;
  const whole = portraitSquare(photo.width, photo.height);
  if (roll === 0 && isFramed(aligned, whole)) return whole;
  let [best, most] = [grown(aligned, LOOSEST, 0, 0, roll), 0];
  for (const scale of SCALES)
    for (const down of MOVES)
      for (const across of MOVES) {
        const view = grown(aligned, scale, across, down, roll);
        const inside = shareWithin(view, photo);
        if (inside >= 1 - BEYOND) return settled(view, photo);
        // a small gain is not worth the move
        if (inside > most + 0.005) [best, most] = [view, inside];
      }
  return settled(best, photo);
}

function isFramed({ left, top, width, height }: Part, whole: Part): boolean {
  const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;
  return (
    within(width / whole.width, FRAMED.side) &&
    within((left + width / 2 - whole.left - whole.width / 2) / whole.width, FRAMED.aside) &&
    within((top + height / 2 - whole.top - whole.height / 2) / whole.width, FRAMED.below)
  );
}

function grown(square: Part, scale: number, across: number, down: number, roll: number): Part {
  const middle = placeIn({ ...square, roll }, { x: 0.5 + across, y: 0.5 + down });
  const side = scale * square.width;
  return { left: middle.x - side / 2, top: middle.y - side / 2, width: side, height: side, roll };
}

/** Samples of a view on each axis. */
const GRID = 16;

function shareWithin(view: Part, photo: Size): number {
  if (isWithin(view, photo)) return 1;
  let inside = 0;
  for (let i = 0; i < GRID * GRID; i++) {
    const { x, y } = placeIn(view, { x: ((i % GRID) + 0.5) / GRID, y: (Math.floor(i / GRID) + 0.5) / GRID });
    if (x >= 0 && y >= 0 && x < photo.width && y < photo.height) inside += 1;
  }
  return inside / (GRID * GRID);
}

/** An upright view on whole pixels, moved into the photo if it fits. */
function settled(view: Part, photo: Size): Part {
  if (view.roll) return view;
  const longest = Math.min(photo.width, photo.height);
  const side = Math.round(view.width);
  const fits = side <= longest * (1 + BEYOND) ? Math.min(side, longest) : side;
  const place = (start: number, end: number) => {
    const middle = Math.round(start + (view.width - fits) / 2);
    const moved = Math.min(end - fits, Math.max(0, middle));
    // a face cut off by the photo's edge keeps its position: the view extends beyond the photo
    return Math.abs(moved - middle) <= BEYOND * fits ? moved : middle;
  };
  return {
    left: place(view.left, photo.width),
    top: place(view.top, photo.height),
    width: fits,
    height: fits,
  };
}
