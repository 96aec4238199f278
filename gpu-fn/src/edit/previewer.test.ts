import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Preview } from "./preview.ts";
import { Previewer } from "./previewer.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const clean = Float32Array.of(2, -1);
const noise = Float32Array.of(0, 4);
const timesteps = [0, 0.25, 0.5, 0.75, 1];
const at = (t: number) => clean.map((value, i) => (1 - t) * value + t * (noise[i] as number));

/** A pass along the straight path, with steps of a given length in milliseconds. */
async function pass(previewer: Previewer, stepMs: number): Promise<void> {
  for (let step = 1; step <= 4; step++) {
    vi.advanceTimersByTime(stepMs);
    const latent = at(timesteps[4 - step] as number);
    previewer.step({ phase: "edit", step, steps: 4, latent, unfused: latent });
  }
  await previewer.settled();
}

function scene(tell?: (preview: Preview) => void) {
  const drawn: number[][] = [];
  const draw = async (latent: Float32Array) => {
    drawn.push([...latent]);
    return { bytes: new Uint8Array(), width: drawn.length, height: 1 };
  };
  return { drawn, previewer: new Previewer({ timesteps, start: noise, draw, onPreview: tell }) };
}

it("draws where the path leads, in order, and nothing after the last step", async () => {
  const told: number[] = [];
  const { drawn, previewer } = scene(({ width }) => told.push(width));
  await pass(previewer, 10_000);
  expect(told).toEqual([1, 2, 3]);
  for (const [first, second] of drawn) {
    expect(first).toBeCloseTo(2, 5);
    expect(second).toBeCloseTo(-1, 5);
  }
});

it("draws nothing in a short pass, or if nobody listens", async () => {
  const short = scene(() => {});
  await pass(short.previewer, 200);
  const unheard = scene();
  await pass(unheard.previewer, 10_000);
  expect([short.drawn, unheard.drawn]).toEqual([[], []]);
});

it("reports an error in drawing when the pass is over", async () => {
  const draw = () => Promise.reject(new Error("no memory"));
  const previewer = new Previewer({ timesteps, start: noise, draw, onPreview: () => {} });
  await expect(pass(previewer, 10_000)).rejects.toThrow("no memory");
});
