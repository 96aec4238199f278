/// <reference types="@cloudflare/vitest-plugin/types" />

/** The contents of `env` and `exports` of `cloudflare:workers` in tests: the worker's own bindings and entry points. */
declare namespace Cloudflare {
  interface Env extends Readonly<import("../src/env.ts").Env> {}
  interface GlobalProps {
    mainModule: typeof import("../src/index.ts");
  }
}
