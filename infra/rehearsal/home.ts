import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Folder for everything that rehearsals fetch and create. */
export const rehearsals = () => resolve(process.env.STATE_DIR ?? join(ROOT, ".state"), "rehearsal");
