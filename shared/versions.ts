/** Versions of the API that are supported, oldest first. A change that breaks a client is a new one; see `/docs/versions`. */
export const API_VERSIONS = ["2026-11-28"] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The version that the contract describes. */
export const CURRENT_VERSION: ApiVersion = "2026-11-28";
