/** What a key may be allowed to do. */
export const SCOPES = ["edits", "images", "sign", "admin"] as const;

export type Scope = (typeof SCOPES)[number];
