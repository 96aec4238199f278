import type { Passing } from "../link.ts";
import { STAGES, type Stage } from "../stages.ts";
import { END_MS, LONG, type Scene, SHORT, type Story, sleep } from "../story.ts";
import { seen } from "./parts.ts";

const GPU = "network, worker to GPU function";
const STORAGE = "network, GPU function to storage";
const RECEIVER = "network, worker to receiver";

/** Longer than a run's lease, and than three tries of an upload. */
const LONG_MS = 45_000;

const isResult = ({ method, path }: Passing) =>
  method === "PUT" && /\/edits\/[^/]+\/\d+\/result\?/.test(path);

/** What becomes of an edit while its result is on the way. */
const FATES: Readonly<
  Record<
    string,
    { readonly deadlineMs?: number; act(scene: Scene, id: string, image: string): Promise<void> }
  >
> = {
  "is waited for": { act: async () => undefined },
  "is cancelled": { act: async ({ tenant }, id) => void (await tenant.api.cancelEdit(id)) },
  "is erased": { act: ({ tenant }, id) => tenant.eraseEdit(id) },
  "loses its photo": { act: ({ tenant }, id, image) => tenant.eraseImage(image, [id]) },
  "is failed by the watchdog": {
    // before the upload's second try
    deadlineMs: 18_000,
    act: async ({ tenant }, id) => {
      const { status } = await tenant.settled(id, END_MS);
      if (status !== "failed") throw new Error(`an edit past its deadline ${status}`);
    },
  },
};

/** The result's upload is held beyond the lease while something becomes of the edit, and arrives afterwards. */
const LATE: readonly Story[] = Object.entries(FATES).map(([fate, { deadlineMs, act }]) => ({
  name: `a result is uploaded after its edit ${fate}`,
  part: STORAGE,
  fault: "the upload is held for 45 s",
  stage: "uploading",
  seconds: 70,
  async run(scene) {
    const { tenant } = scene;
    const image = await tenant.upload();
    const order = { steps: LONG, image, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
    let held = Promise.resolve();
    const id = await scene.at(
      "uploading",
      () => tenant.edit(order),
      async (edit) => {
        const since = Date.now();
        await act(scene, edit, image);
        held = sleep(Math.max(0, LONG_MS - (Date.now() - since)));
        await held;
      },
    );
    if (tenant.erased.has(id)) return afterErasure(scene, id);
    return seen(scene, [await tenant.settled(id, END_MS)]);
  },
}));

/** Past the last second in which the edit's URLs can be written, and the look that follows. */
const WRITABLE_MS = 250_000;

async function afterErasure({ stack, tenant }: Scene, id: string): Promise<string> {
  await sleep(1_000);
  const late = (await stack.stores.objects(`${tenant.id}/edits/${id}/`)).length;
  await stack.moveClock(stack.offsetMs + WRITABLE_MS);
  return `erased; ${late} objects came late`;
}

/** An upload that began in time and ends after its URL has, of an edit that is erased by then. */
const OVERDUE: Story = {
  name: "an upload ends after its URL has",
  part: STORAGE,
  fault: "half of the body, then none, until the erasing is over",
  stage: "uploading",
  seconds: 20,
  async run(scene) {
    const { stack, tenant } = scene;
    const reached = stack.links.storage.hold((passing) => passing.point === "body" && isResult(passing));
    const id = await tenant.edit({ steps: SHORT, deadlineMs: 30_000 });
    const held = await reached;
    scene.injected += 1;
    await tenant.eraseEdit(id);
    await stack.moveClock(stack.offsetMs + 95_000);
    await sleep(3_000);
    held.release();
    await sleep(2_000);
    const left = await stack.stores.objects(`${tenant.id}/edits/${id}/`);
    await stack.moveClock(stack.offsetMs + 120_000);
    return `erased; ${left.length} objects came late`;
  },
};

/** The stream of events is cut at each stage: the GPU function goes on or is stopped, the worker must not care. */
const CUTS: readonly Story[] = STAGES.filter((stage) => stage !== "webhook" && stage !== "uploading").map(
  (stage) => ({
    name: `the event stream is cut while ${stage}`,
    part: GPU,
    fault: "the connection is reset",
    stage,
    seconds: 15,
    run: (scene) => cutAt(scene, stage),
  }),
);

async function cutAt(scene: Scene, stage: Stage): Promise<string> {
  const { tenant } = scene;
  const id = await scene.at(
    stage,
    () => tenant.edit({ steps: LONG }),
    (_, held) => held.cut(),
  );
  return seen(scene, [await tenant.settled(id, END_MS)]);
}

/** An answer is lost: what was asked for has happened, and who asked does not know. */
const LOST: readonly Story[] = [
  {
    name: "the answer to an upload is lost",
    part: STORAGE,
    fault: "the connection is reset after the object was stored",
    stage: "uploading",
    seconds: 6,
    run: (scene) => loseAnswer(scene, "storage", isResult),
  },
  {
    name: "the answer to a webhook is lost, so that it comes twice",
    part: RECEIVER,
    fault: "the connection is reset after the receiver has taken it",
    stage: "webhook",
    seconds: 12,
    run: (scene) => loseAnswer(scene, "webhook", () => true),
  },
];

async function loseAnswer(
  scene: Scene,
  link: "storage" | "webhook",
  of: (passing: Passing) => boolean,
): Promise<string> {
  const { stack, tenant } = scene;
  const reached = stack.links[link].hold((passing) => passing.point === "answer" && of(passing));
  const id = await tenant.edit({ steps: SHORT });
  (await reached).cut();
  scene.injected += 1;
  return seen(scene, [await tenant.settled(id, END_MS)]);
}

/** Slow or refusing for a while. */
const WEATHER: readonly Story[] = [
  weather("storage answers 503 for 5 s", STORAGE, "storage", { status: 503 }, "uploading"),
  weather("storage resets every connection for 5 s", STORAGE, "storage", "cut", "uploading"),
  weather("the GPU function answers 500 for 5 s", GPU, "gpu", { status: 500 }, "loading"),
  weather("the GPU function answers 503 for 5 s", GPU, "gpu", { status: 503 }, "loading"),
  weather("the receiver answers 500 for 5 s", RECEIVER, "webhook", { status: 500 }, "webhook"),
];

function weather(
  name: string,
  part: string,
  link: "storage" | "gpu" | "webhook",
  bad: { status: number } | "cut",
  stage: Stage,
): Story {
  return {
    name,
    part,
    fault: bad === "cut" ? "every connection is reset" : `answers ${bad.status}`,
    stage,
    seconds: 15,
    async run(scene) {
      const { stack, tenant } = scene;
      const turn = () => {
        stack.links[link].weather = bad;
      };
      // before its first request, or at the stage that is meant
      if (stage === "loading") turn();
      const id = await (stage === "loading"
        ? tenant.edit({ steps: SHORT })
        : scene.at(stage, () => tenant.edit({ steps: SHORT }), turn));
      if (stage === "loading") scene.injected += 1;
      await sleep(5_000);
      stack.links[link].weather = "clear";
      return seen(scene, [await tenant.settled(id, END_MS)]);
    },
  };
}

export const NETWORK_STORIES: readonly Story[] = [...LATE, OVERDUE, ...CUTS, ...LOST, ...WEATHER];
