import type { Stage } from "../stages.ts";
import { END_MS, LONG, type Scene, SHORT, type Story, sleep } from "../story.ts";
import { seen } from "./parts.ts";

const FULL_MS = 12_000;

/** Longest wait for an answer of a worker whose disk is full. */
const ANSWER_MS = 6_000;

const worker = (stage: Stage): Story => ({
  name: `the worker's disk is full while ${stage}`,
  part: "worker",
  fault: "no room for 12 s",
  stage,
  kind: "disk",
  seconds: 60,
  async run(scene) {
    const { tenant } = scene;
    const disk = disksOf(scene).worker;
    let over = Promise.resolve();
    const id = await scene.at(
      stage,
      () => tenant.edit({ steps: LONG }),
      () => {
        disk.fill();
        over = sleep(FULL_MS).then(() => disk.free());
      },
    );
    await over;
    return seen(scene, [await tenant.settled(id, END_MS)]);
  },
});

export const DISK_STORIES: readonly Story[] = [
  ...(["locating", "editing", "uploading", "capturing", "webhook"] as const).map(worker),
  {
    name: "the worker's disk is full when edits are asked for",
    part: "worker",
    fault: "no room for three requests",
    stage: "accepting",
    kind: "disk",
    seconds: 20,
    async run(scene) {
      const { tenant } = scene;
      const disk = disksOf(scene).worker;
      const image = await tenant.upload();
      disk.fill();
      const answers: string[] = [];
      for (const order of [{}, { image }, { idempotencyKey: "when full" }]) {
        scene.injected += 1;
        answers.push(
          await statusOf(tenant.create({ steps: SHORT, ...order, signal: AbortSignal.timeout(ANSWER_MS) })),
        );
      }
      disk.free();
      const id = await tenant.editSurely({ steps: SHORT, idempotencyKey: "when full" }, Date.now() + END_MS);
      return `answers: ${answers.join(", ")}; then ${await seen(scene, [await tenant.settled(id, END_MS)])}`;
    },
  },
  {
    name: "the GPU function's scratch disk is full",
    part: "GPU function",
    fault: "no room for a whole edit, from its cold start",
    stage: "all",
    kind: "disk",
    seconds: 12,
    async run(scene) {
      const { tenant } = scene;
      const disk = disksOf(scene).gpu;
      disk.fill();
      const id = await scene.at(
        "loading",
        () => tenant.edit({ steps: SHORT }),
        () => undefined,
      );
      const edit = await tenant.settled(id, END_MS);
      disk.free();
      return seen(scene, [edit]);
    },
  },
];

/** An answer's status; the local runtime gives none if its own storage is full. */
async function statusOf(asked: Promise<Response>): Promise<string> {
  try {
    const answer = await asked;
    await answer.body?.cancel();
    return String(answer.status);
  } catch {
    return "none";
  }
}

function disksOf({ stack }: Scene) {
  if (stack.disks === null) throw new Error("this stack has no separate disks");
  return stack.disks;
}
