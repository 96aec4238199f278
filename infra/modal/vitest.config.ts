import { defineConfig } from "vitest/config";

/** Tests that need Modal's Python client or hadolint: `npm run test:modal` installs both. */
export default defineConfig({
  test: { include: ["infra/modal/*.spec.ts", "infra/docker/*.spec.ts"], testTimeout: 60_000 },
});
