import { Redis } from "@upstash/redis";
import type { Weather } from "../link.ts";
import { cachedEntries } from "../stores.ts";
import { END_MS, type Scene, SHORT, type Story, sleep } from "../story.ts";
import { seen } from "./parts.ts";

const PART = "Upstash";

/** Entries of the mask cache that a photo left behind are erased once Upstash is back: their due row comes again. */
const ERASED_MS = 60_000;

/** An edit under bad weather, another in clear weather. */
function weather(name: string, fault: string, bad: Weather): Story {
  return {
    name: `Upstash ${name}`,
    part: PART,
    fault,
    stage: "all",
    kind: "redis",
    seconds: 8,
    async run(scene) {
      const { stack, tenant } = scene;
      stack.links.upstash.weather = bad;
      scene.injected += 1;
      const id = await tenant.edit({ steps: SHORT });
      const edit = await tenant.settled(id, END_MS);
      stack.links.upstash.weather = "clear";
      if (edit.status !== "succeeded") throw new Error(`without Upstash an edit ${edit.status}`);
      return seen(scene, [edit]);
    },
  };
}

const WEATHERS: readonly Story[] = [
  weather("resets every connection", "every connection is reset", "cut"),
  weather("answers 500", "answers 500", { status: 500 }),
  weather("answers 429", "answers 429", { status: 429 }),
  weather("answers slowly", "every answer takes 5 s", { delayMs: 5_000 }),
  weather("answers a little slowly", "every answer takes 300 ms", { delayMs: 300 }),
];

export const UPSTASH_STORIES: readonly Story[] = [
  ...WEATHERS,
  {
    name: "Upstash loses all its data between two edits of one photo",
    part: PART,
    fault: "FLUSHDB",
    stage: "between edits",
    kind: "redis",
    seconds: 8,
    async run(scene) {
      const { stack, tenant } = scene;
      const image = await tenant.upload();
      const first = await tenant.settled(await tenant.edit({ steps: SHORT, image }), END_MS);
      const { url, token } = stack.upstash;
      await new Redis({ url, token, enableTelemetry: false }).flushdb();
      scene.injected += 1;
      const second = await tenant.settled(await tenant.edit({ steps: SHORT, image }), END_MS);
      const third = await tenant.settled(await tenant.edit({ steps: SHORT, image }), END_MS);
      if (second.cache.mask || !third.cache.mask) throw new Error("a lost mask was not located anew");
      return seen(scene, [first, second, third]);
    },
  },
  {
    name: "a photo is erased while Upstash is away",
    part: PART,
    fault: "every connection is reset, until the photo is erased",
    stage: "erasing",
    kind: "redis",
    seconds: 40,
    async run(scene) {
      const { stack, tenant } = scene;
      const image = await tenant.upload();
      const id = await tenant.edit({ steps: SHORT, image });
      await tenant.settled(id, END_MS);
      stack.links.upstash.weather = "cut";
      scene.injected += 1;
      await tenant.eraseImage(image, [id]);
      stack.links.upstash.weather = "clear";
      const before = (await ofTenant(scene)).length;
      const until = Date.now() + ERASED_MS;
      while ((await ofTenant(scene)).length > 0) {
        if (Date.now() > until) throw new Error("Upstash still knows the mask of an erased photo");
        await sleep(500);
      }
      return `erased; ${before} entries of Upstash went when it was back`;
    },
  },
];

async function ofTenant({ stack, tenant }: Scene) {
  const entries = await cachedEntries(stack.upstash.url, stack.upstash.token);
  return entries.filter(({ object }) => object?.startsWith(`${tenant.id}/`));
}
