/** Supported versions of the API, oldest first. A breaking change gets a new version; see `/docs/versions`. */
export const API_VERSIONS = ["2026-11-28"] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The version that the contract describes. */
export const CURRENT_VERSION: ApiVersion = "2026-11-28";
