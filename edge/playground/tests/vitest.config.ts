import { defineConfig } from "vitest/config";

/** What the playground does in a real Chromium, against the real parts: `npm run test:browser`. */
export default defineConfig({
  test: {
    name: "browser",
    include: ["edge/playground/tests/*.browser.ts"],
    globalSetup: ["edge/playground/tests/stack.setup.ts"],
    environment: "node",
    testTimeout: 300_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // one browser and one model on a small machine: side by side they would only wait for each other
    fileParallelism: false,
  },
});
