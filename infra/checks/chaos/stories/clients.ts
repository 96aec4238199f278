import { END_MS, LONG, type Scene, SHORT, type Story, sleep } from "../story.ts";
import { seen } from "./parts.ts";

/** What goes wrong meanwhile. */
const FAULTS: Readonly<Record<string, { readonly seconds: number; inject(scene: Scene): void }>> = {
  "the GPU function dies": { seconds: 15, inject: ({ stack }) => stack.signal("gpu", "SIGKILL") },
  "the worker dies": { seconds: 45, inject: ({ stack }) => stack.signal("worker", "SIGKILL") },
  "the GPU function stops for 5 s": { seconds: 15, inject: (scene) => stop(scene) },
};

function stop({ stack }: Scene): void {
  stack.signal("gpu", "SIGSTOP");
  sleep(5_000).then(() => stack.signal("gpu", "SIGCONT"));
}

interface Meanwhile {
  readonly id: string;
  readonly image: string;
  readonly key: string;
  readonly leave: () => void;
}

/** What the client does in the same moment. @returns what came of it */
const CLIENTS: Readonly<Record<string, (scene: Scene, of: Meanwhile) => Promise<string>>> = {
  "cancels it": async ({ tenant }, { id }) => `cancelled: ${(await tenant.api.cancelEdit(id)).status}`,
  "erases it": async ({ tenant }, { id }) => {
    await tenant.eraseEdit(id);
    return "erased";
  },
  "erases its photo": async ({ tenant }, { id, image }) => {
    await tenant.eraseImage(image, [id]);
    return "erased with its photo";
  },
  "asks again under the same key": async ({ tenant }, { id, image, key }) => {
    const until = Date.now() + END_MS;
    const again = await Promise.all(
      [1, 2, 3].map(() => tenant.editSurely({ steps: LONG, image, idempotencyKey: key }, until)),
    );
    if (again.some((other) => other !== id))
      throw new Error(`one key made ${new Set([id, ...again]).size} edits`);
    return "the same edit three times more";
  },
};

const AT_ONCE: readonly Story[] = Object.entries(CLIENTS).flatMap(([action, act]) =>
  Object.entries(FAULTS).flatMap(([fault, { seconds, inject }]) =>
    (["editing", "uploading"] as const).map((stage) => ({
      name: `a client ${action} while ${stage}, when ${fault}`,
      part: "client",
      fault: `${action}; ${fault}`,
      stage,
      seconds,
      async run(scene) {
        const { tenant } = scene;
        const image = await tenant.upload();
        const key = `key ${scene.random.next()}`;
        let acted = Promise.resolve("");
        const id = await scene.at(
          stage,
          () => tenant.edit({ steps: LONG, image, idempotencyKey: key }),
          (edit) => {
            inject(scene);
            acted = act(scene, { id: edit, image, key, leave: () => undefined });
            acted.catch(() => {}); // awaited below
          },
        );
        const observed = await acted;
        if (tenant.erased.has(id)) return observed;
        return `${observed}; ${await seen(scene, [await tenant.settled(id, END_MS)])}`;
      },
    })),
  ),
);

/** A client waits for its edit and leaves at some stage: nobody is left who knows of it. */
const LEAVING: readonly Story[] = (["locating", "editing", "uploading", "capturing"] as const).map(
  (stage) => ({
    name: `a client that waits leaves while ${stage}`,
    part: "client",
    fault: "disconnects",
    stage,
    seconds: 8,
    async run(scene) {
      const { tenant } = scene;
      const leaving = new AbortController();
      await scene.at(
        stage,
        async () => {
          tenant.create({ steps: LONG, wait: 60, signal: leaving.signal }).catch(() => {}); // it leaves
        },
        () => leaving.abort(),
      );
      return "the edit went on";
    },
  }),
);

const MOMENTS = 4;

/** Storage answers this much late while edits are accepted, in milliseconds. */
const LINGER_MS = 400;

/** When the worker dies while it accepts: somewhere on the way, or when the photo's bytes are being stored. */
const ACCEPTED: readonly (readonly [
  name: string,
  uploaded: boolean,
  moment: (scene: Scene) => Promise<void>,
])[] = [
  ["of a photo uploaded before", true, (scene) => sleep(scene.random.between(0, 60))],
  ["of a photo that comes along", false, (scene) => sleep(scene.random.between(0, 500))],
  [
    "and stores its photo",
    false,
    async (scene) => {
      // storage has the photo, and the worker has not heard of it
      await scene.stack.stores.nextObject(AbortSignal.timeout(END_MS));
      await sleep(LINGER_MS / 2);
    },
  ],
];

/** The worker dies while it accepts an edit, whose client asks again under the same key. */
const ACCEPTING: readonly Story[] = ACCEPTED.map(([name, uploaded, moment]) => ({
  name: `the worker dies while it accepts an edit ${name}`,
  part: "worker",
  fault: "SIGKILL",
  stage: "accepting",
  seconds: 90,
  async run(scene) {
    const { stack, tenant } = scene;
    const image = uploaded ? { image: await tenant.upload() } : {};
    const ids: string[] = [];
    for (let round = 0; round < MOMENTS; round += 1) {
      await stack.workerUp();
      await stack.command("storage", { lingerMs: LINGER_MS });
      const order = { steps: SHORT, idempotencyKey: `accepting ${round}`, ...image };
      const dies = moment(scene).then(() => stack.signal("worker", "SIGKILL"));
      const first = tenant.edit(order).catch(() => null);
      await dies;
      scene.injected += 1;
      const early = await first;
      const id = await tenant.editSurely(order, Date.now() + END_MS);
      if (early !== null && early !== id) throw new Error("one key made two edits");
      ids.push(id);
    }
    const edits = await Promise.all(ids.map((id) => tenant.settled(id, END_MS)));
    const { edits: rows } = await stack.stores.account(tenant.id);
    if (rows.length !== MOMENTS) throw new Error(`${MOMENTS} keys made ${rows.length} edits`);
    return seen(scene, edits);
  },
}));

/** The worker dies within milliseconds of hearing that an edit is done: before, in, or after its capture. */
const SETTLING: Story = {
  name: "the worker dies around the capture",
  part: "worker",
  fault: "SIGKILL 0 to 40 ms after the GPU function's last event",
  stage: "capturing",
  seconds: 90,
  async run(scene) {
    const { stack, tenant } = scene;
    const ids: string[] = [];
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const delay = scene.random.between(0, 40);
      const id = await scene.at(
        "capturing",
        () => tenant.editSurely({ steps: SHORT, idempotencyKey: `settling ${moment}` }, Date.now() + END_MS),
        async (_, held) => {
          held.release();
          await sleep(delay);
          stack.signal("worker", "SIGKILL");
        },
      );
      ids.push(id);
      await stack.workerUp();
    }
    return seen(scene, await Promise.all(ids.map((id) => tenant.settled(id, END_MS))));
  },
};

export const CLIENT_STORIES: readonly Story[] = [...AT_ONCE, ...LEAVING, ...ACCEPTING, SETTLING];
