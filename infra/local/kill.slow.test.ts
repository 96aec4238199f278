import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundleDisturbed } from "../checks/chaos/bundle.ts";
import type { Outcome } from "../checks/chaos/perform-story.ts";
import { runStories } from "../checks/chaos/run-stories.ts";
import { STORIES } from "../checks/chaos/stories/all.ts";

/** A selection from `npm run test:chaos`: faults that once revealed a bug, and one short fault of each kind. */
const CHOICE = [
  "GPU function stops for good while editing",
  "worker stops for good while editing",
  "worker dies while webhook",
  "Upstash gateway dies while locating",
  "GPU function dies while uploading",
  "engine's thread dies while loading",
  "every message goes to three consumers at once",
  "a client erases its photo while uploading, when the GPU function dies",
  "an upload ends after its URL has",
];

const timeout = 400_000;

it("every invariant holds while real parts are killed, stopped and cut off", { timeout }, async ({
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "flux-kill-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  bundleDisturbed(join(folder, "worker"));
  const ending = new AbortController();
  const outcomes: Outcome[] = await runStories(
    // all under the supervisor of `npm start`, so that they share stacks
    STORIES.filter(({ name }) => CHOICE.includes(name)).map((story) => ({ ...story, kind: "impatient" })),
    {
      bundle: join(folder, "worker"),
      folder,
      seed: 1,
      lanes: 4,
      logs: join(folder, "logs"),
      signal: ending.signal,
      onOutcome: () => {},
      say: () => {},
    },
  );
  const stories = outcomes.map(({ story }) => story);
  for (const name of CHOICE) expect(stories).toContain(name);
  expect(outcomes.filter(({ breaches }) => breaches.length > 0)).toEqual([]);
});
