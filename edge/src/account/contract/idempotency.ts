export type IdempotencyState =
  | { readonly state: "new" }
  | { readonly state: "running"; readonly retryAfterSeconds: number }
  | { readonly state: "mismatch" }
  | { readonly state: "replay"; readonly status: number; readonly value: unknown };

/** What is known about a key that was used before. */
export type KnownRequest = Exclude<IdempotencyState, { readonly state: "new" }>;
