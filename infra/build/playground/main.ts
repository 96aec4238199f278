// `npm run build:playground`: the page at `/`, as `npm start`, `npm run deploy` and the tests build it by themselves.
import { ensurePlayground } from "./build.ts";

process.stdout.write(
  (await ensurePlayground()) ? "the playground is built\n" : "the playground is up to date\n",
);
