import { defineConfig } from "vitest/config";

/** Tests that need Modal's Python client or hadolint: `npm run test:modal` installs both. */
export default defineConfig({
  test: { include: ["infra/deploy/modal/*.spec.ts", "infra/deploy/docker/*.spec.ts"], testTimeout: 300_000 },
});
