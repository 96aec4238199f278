import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Where rehearsals keep what they fetch and make. */
export const rehearsals = () => resolve(process.env.STATE_DIR ?? join(ROOT, ".state"), "rehearsal");
