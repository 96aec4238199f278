import { cloudflareTest } from "@cloudflare/vitest-plugin";
import RedisMock from "ioredis-mock";
import { defineConfig } from "vitest/config";
import { BFL_KEY, bfl } from "./edge/test/bfl.ts";
import { hooks } from "./edge/test/hooks.ts";
import { photoHost } from "./edge/test/photo-host.ts";
import { FakeStripe, STRIPE_KEY } from "./edge/test/stripe.ts";
import { createGateway } from "./infra/local/upstash/gateway.ts";

const upstash = { url: "https://upstash.test", token: "a-token-of-the-tests" };
const gateway = createGateway({ store: new RedisMock(), token: upstash.token });

const stripe = new FakeStripe();

/**
 * What the worker reaches in tests: Upstash's protocol in front of an in-memory Redis, fakes of Stripe and of Black
 * Forest Labs, receivers of webhooks, a host of photos, and nothing else.
 */
async function outbound(request: Request): Promise<Response> {
  const { host } = new URL(request.url);
  if (request.url.startsWith(upstash.url)) return gateway.fetch(request);
  if (host === "stripe.test") return stripe.app.fetch(request);
  if (host === "bfl.test") return bfl.fetch(request);
  if (host === "photos.test") return photoHost.fetch(request);
  if (host.endsWith(".hooks.test")) return hooks.fetch(request);
  return new Response("nothing but this test is reached from here", { status: 502 });
}

/** Variables and secrets of the worker under test; the GPU function is `edge/test/fake-gpu.ts`. */
const bindings = {
  PUBLIC_URL: "https://edge.test",
  GPU_URL: "https://gpu.test",
  GPU_SECRET: "gpu-secret-of-the-tests-0123456789",
  SIGNING_SECRET: "signing-secret-of-the-tests-0123456789",
  ADMIN_KEY: "admin-key-of-the-tests-0123456789",
  UPSTASH_REDIS_REST_URL: upstash.url,
  UPSTASH_REDIS_REST_TOKEN: upstash.token,
  STRIPE_API_URL: "https://stripe.test",
  STRIPE_SECRET_KEY: STRIPE_KEY,
  STRIPE_WEBHOOK_SECRET: "whsec_of_the_tests",
  BFL_API_URL: "https://bfl.test",
  BFL_API_KEY: BFL_KEY,
  GPU_ON_DEMAND: "0",
  // tests of one file must not wait behind the edits that another one leaves unfinished
  GPU_CONTAINERS: "1000",
};

/** Tests of pure rules with many cases: they need no worker. */
const PROPERTIES = "edge/**/*.property.test.ts";

/** The page's own rules; what it does in a browser is tested there (`npm run test:browser`). */
const PLAYGROUND = "edge/playground/**/*.test.ts";

/** Tests of whole systems, killed and filled: `npm run test:slow`. */
const SLOW = "**/*.slow.test.ts";

/** Packages, and what runs and trainings leave behind: trees of their own among it. */
const FOREIGN = ["**/node_modules/**", ".state/**", ".training/**"];

export default defineConfig({
  test: {
    // most of a test waits for a thread or a process of its own: one worker a core leaves half of the machine idle
    maxWorkers: 3,
    globalSetup: ["./infra/tests/temporary-folder.ts"],
    projects: [
      {
        test: {
          name: "node",
          include: [
            "gpu-fn/**/*.test.ts",
            "shared/**/*.test.ts",
            "infra/**/*.test.ts",
            PLAYGROUND,
            PROPERTIES,
          ],
          exclude: [SLOW, ...FOREIGN],
          environment: "node",
          // a new process for each file takes longer than most of the files: they share one, and leave no state behind
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // the policies take seconds to open: only tests of them turn them on
          env: { MODERATION_OFF: "all" },
        },
      },
      {
        test: {
          name: "slow",
          include: [SLOW],
          exclude: FOREIGN,
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          env: { MODERATION_OFF: "all" },
          // each starts a whole system: side by side they would measure one another
          fileParallelism: false,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings, outboundService: outbound },
          }),
        ],
        test: {
          name: "edge",
          include: ["edge/**/*.test.ts"],
          exclude: [PLAYGROUND, PROPERTIES],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ["./edge/test/quiet.ts"],
          // Libraries of hundreds of modules, or of CommonJS: bundled once instead of transformed for every test file.
          deps: {
            optimizer: {
              ssr: { enabled: true, include: ["stripe", "obscenity", "naughty-words", "compromise/two"] },
            },
          },
        },
      },
    ],
  },
});
