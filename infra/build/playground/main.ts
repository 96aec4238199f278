// `npm run build:playground`: builds the page at `/`. `npm start`, `npm run deploy` and the tests do so automatically.
import { ensurePlayground } from "./build.ts";

process.stdout.write(
  (await ensurePlayground()) ? "the playground is built\n" : "the playground is up to date\n",
);
