/** Maximum number of previews per attempt; an edit may have fewer. */
export const PREVIEWS = ["preview-1", "preview-2", "preview-3", "preview-4"] as const;

/** The files that one attempt writes to its folder `<account>/edits/<edit>/<attempt>` in R2. */
export const RUN_OBJECTS = ["mask", "result", ...PREVIEWS] as const;
