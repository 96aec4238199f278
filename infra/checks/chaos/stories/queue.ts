import { newId } from "../../../../shared/ids.ts";
import { END_MS, LONG, type Scene, SHORT, type Story, sleep } from "../story.ts";
import { seen } from "./parts.ts";

const PART = "queue";
const QUEUE = "flux-sculptor-edits";

/** Time limit in milliseconds; several edits at once are accepted only if all fit into it. */
const DEADLINE_MS = 600_000;

/** Edits at once, and how they ended. */
async function several(scene: Scene, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1)
    ids.push(await scene.tenant.edit({ steps: SHORT, deadlineMs: DEADLINE_MS }));
  return ids;
}

async function ends(scene: Scene, ids: readonly string[]): Promise<string> {
  return seen(scene, await Promise.all(ids.map((id) => scene.tenant.settled(id, END_MS))));
}

/** 0…count−1 in an order by chance. */
function shuffled(scene: Scene, count: number): number[] {
  return Array.from({ length: count }, (_, number) => ({ number, at: scene.random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ number }) => number);
}

export const QUEUE_STORIES: readonly Story[] = [
  {
    name: "every message goes to three consumers at once",
    part: PART,
    fault: "duplicated",
    stage: "all",
    seconds: 20,
    async run(scene) {
      await scene.stack.command("queue", { copies: 3, delaysSeconds: [] });
      const ids = await several(scene, 3);
      scene.injected += 2 * ids.length;
      return ends(scene, ids);
    },
  },
  {
    name: "messages come late and in another order",
    part: PART,
    fault: "delayed by up to 6 s and shuffled",
    stage: "all",
    seconds: 20,
    async run(scene) {
      await scene.stack.command("queue", { copies: 1, delaysSeconds: shuffled(scene, 7) });
      const ids = await several(scene, 7);
      scene.injected += ids.length;
      return ends(scene, ids);
    },
  },
  {
    name: "messages come again and again, to three consumers, late, in another order",
    part: PART,
    fault: "duplicated, delayed and shuffled",
    stage: "all",
    seconds: 25,
    async run(scene) {
      const { stack, tenant } = scene;
      await stack.command("queue", { copies: 3, delaysSeconds: shuffled(scene, 4) });
      const ids = await several(scene, 4);
      const messages = shuffled(scene, 12).map((number) => ({
        account: tenant.id,
        edit: ids[number % ids.length],
        delaySeconds: Math.floor(scene.random.between(0, 4)),
      }));
      await stack.command("send", { messages });
      scene.injected += messages.length + 3 * ids.length;
      return ends(scene, ids);
    },
  },
  {
    name: "messages come after their edit ended",
    part: PART,
    fault: "delivered ten times more, and as dead letters",
    stage: "after the end",
    seconds: 10,
    async run(scene) {
      const { stack, tenant } = scene;
      const [id = ""] = await several(scene, 1);
      const before = await ends(scene, [id]);
      const message = { account: tenant.id, edit: id };
      const messages = Array.from({ length: 5 }, () => message);
      await stack.command("send", { messages: messages.map((sent) => ({ ...sent, delaySeconds: 0 })) });
      await stack.command("deliver", { queue: QUEUE, messages });
      await stack.command("deliver", { queue: `${QUEUE}-dead`, messages: [message] });
      scene.injected += 11;
      await sleep(2_000);
      const after = await ends(scene, [id]);
      if (before !== after) throw new Error(`an edit that was ${before} is ${after} now`);
      return after;
    },
  },
  {
    name: "messages come again while their edit runs",
    part: PART,
    fault: "delivered five times more",
    stage: "editing",
    seconds: 8,
    async run(scene) {
      const { stack, tenant } = scene;
      const id = await scene.at(
        "editing",
        () => tenant.edit({ steps: LONG }),
        (edit) =>
          stack.command("deliver", {
            queue: QUEUE,
            messages: Array.from({ length: 5 }, () => ({ account: tenant.id, edit })),
          }),
      );
      return ends(scene, [id]);
    },
  },
  {
    name: "dead letters of an edit that runs, and of one that waits",
    part: PART,
    fault: "moved to the dead letters",
    stage: "editing",
    seconds: 10,
    async run(scene) {
      const { stack, tenant } = scene;
      let waiting = "";
      const id = await scene.at(
        "editing",
        async () => {
          const running = await tenant.edit({ steps: LONG });
          waiting = await tenant.edit({ steps: SHORT });
          return running;
        },
        (edit) =>
          stack.command("deliver", {
            queue: `${QUEUE}-dead`,
            messages: [edit, waiting].map((of) => ({ account: tenant.id, edit: of })),
          }),
      );
      return ends(scene, [id, waiting]);
    },
  },
  {
    name: "the queue loses all its messages",
    part: PART,
    fault: "lost, with the worker's process",
    stage: "queued",
    seconds: 30,
    async run(scene) {
      const { stack } = scene;
      await stack.command("queue", { copies: 1, delaysSeconds: [60] });
      const ids = await several(scene, 3);
      stack.signal("worker", "SIGKILL");
      scene.injected += ids.length;
      return ends(scene, ids);
    },
  },
  {
    name: "messages of edits and accounts that never were",
    part: PART,
    fault: "made up",
    stage: "none",
    seconds: 5,
    async run(scene) {
      const { stack, tenant } = scene;
      const messages = [
        { account: tenant.id, edit: newId("edit") },
        { account: newId("acct"), edit: newId("edit") },
      ];
      await stack.command("deliver", { queue: QUEUE, messages });
      await stack.command("deliver", { queue: `${QUEUE}-dead`, messages });
      scene.injected += 4;
      return "nothing came of them";
    },
  },
];
