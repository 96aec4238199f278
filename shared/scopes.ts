/** The permissions that a key may have. */
export const SCOPES = ["edits", "images", "sign", "admin"] as const;

export type Scope = (typeof SCOPES)[number];
