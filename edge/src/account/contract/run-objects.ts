/** Previews of one attempt at most; an edit may have fewer. */
export const PREVIEWS = ["preview-1", "preview-2", "preview-3", "preview-4"] as const;

/** What one attempt writes, by name in its folder `<account>/edits/<edit>/<attempt>` of R2. */
export const RUN_OBJECTS = ["mask", "result", ...PREVIEWS] as const;
