// A clock that can be moved. Import it before anything that asks for the time: it takes the place of `Date`, so that all
// that the worker reads from its clock is moved, and nothing else is (timers and the runtime's alarms run as ever).
const RealDate = globalThis.Date;

let offsetMs = 0;
let known = false;

export const realNow = () => RealDate.now();

/** How far the worker's clock is ahead, in milliseconds. */
export const offset = () => offsetMs;

export function moveClock(ms: number): void {
  offsetMs = ms;
  known = true;
}

/**
 * After a restart the clock is moved to where it was before: `url` answers with the offset in milliseconds.
 * @throws if it does not
 */
export async function readClock(url: string): Promise<void> {
  if (known) return;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the clock's offset is not known: ${answer.status}`);
  moveClock(Number(await answer.text()));
}

const movedNow = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (real, given, target) =>
    Reflect.construct(real, given.length === 0 ? [movedNow()] : given, target),
  apply: () => new RealDate(movedNow()).toString(),
  get: (real, name) => (name === "now" ? movedNow : Reflect.get(real, name)),
});
