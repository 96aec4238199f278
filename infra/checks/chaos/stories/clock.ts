import { END_MS, LONG, type Scene, SHORT, type Story } from "../story.ts";
import { seen } from "./parts.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const SKEWS: readonly (readonly [name: string, ms: number])[] = [
  ["a minute ahead", MINUTE],
  ["a minute behind", -MINUTE],
  ["ten minutes ahead", 10 * MINUTE],
  ["ten minutes behind", -10 * MINUTE],
  ["a day ahead", DAY],
  ["a day behind", -DAY],
];

/** A part's clock is wrong for a whole edit, and for an edit of an uploaded photo and its erasing. */
const SKEWED: readonly Story[] = (["worker", "GPU function"] as const).flatMap((part) =>
  SKEWS.map(([name, ms]) => ({
    name: `the ${part}'s clock is ${name}`,
    part,
    fault: `clock ${name}`,
    stage: "all",
    seconds: 8,
    async run(scene) {
      const { tenant } = scene;
      await move(scene, part, ms);
      const image = await tenant.upload();
      const ids = [await tenant.edit({ steps: SHORT, image }), await tenant.edit({ steps: SHORT })];
      const edits = await Promise.all(ids.map((id) => tenant.settled(id, END_MS)));
      for (const { status, error } of edits)
        if (status !== "succeeded") throw new Error(`with a clock ${name} an edit ${status}: ${error?.code}`);
      for (const { image: result } of edits) await expectReadable(result?.url);
      const observed = await seen(scene, edits);
      await tenant.eraseImage(image, ids.slice(0, 1));
      if (part === "GPU function") await move(scene, part, 0);
      return observed;
    },
  })),
);

/** The worker's clock jumps in the middle of an edit. */
const JUMPS: readonly Story[] = (
  [
    ["back by a minute", -MINUTE],
    ["back by ten minutes", -10 * MINUTE],
    ["back by a day", -DAY],
    ["on by a minute", MINUTE],
    ["on by ten minutes, past the edit's deadline", 10 * MINUTE],
  ] as const
).flatMap(([name, ms]) =>
  (["editing", "uploading"] as const).map((stage) => ({
    name: `the worker's clock jumps ${name} while ${stage}`,
    part: "worker",
    fault: `clock jumps ${name}`,
    stage,
    seconds: 10,
    async run(scene) {
      const { stack, tenant } = scene;
      const id = await scene.at(
        stage,
        () => tenant.edit({ steps: LONG }),
        () => stack.moveClock(stack.offsetMs + ms),
      );
      return seen(scene, [await tenant.settled(id, END_MS)]);
    },
  })),
);

/** After a jump back the run still hears of it when its edit is cancelled. */
const CANCELED: Story = {
  name: "an edit is cancelled after the worker's clock jumped back by ten minutes",
  part: "worker",
  fault: "clock jumps back by ten minutes",
  stage: "editing",
  seconds: 15,
  async run(scene) {
    const { stack, tenant } = scene;
    const id = await scene.at(
      "inverting",
      () => tenant.edit({ steps: 60 }),
      async (edit) => {
        await stack.moveClock(stack.offsetMs - 10 * MINUTE);
        await tenant.api.cancelEdit(edit);
      },
    );
    return seen(scene, [await tenant.settled(id, END_MS)]);
  },
};

async function move(scene: Scene, part: "worker" | "GPU function", ms: number): Promise<void> {
  scene.injected += 1;
  if (part === "worker") await scene.stack.moveClock(ms);
  else await scene.stack.order({ order: "clock", offsetMs: ms });
}

/** A result's signed URL works now. */
async function expectReadable(url: string | undefined): Promise<void> {
  const answer = await fetch(url ?? "");
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`a result's URL was answered ${answer.status}`);
}

export const CLOCK_STORIES: readonly Story[] = [...SKEWED, ...JUMPS, CANCELED];
