/** Shares of an edit's GPU time. */
export const SHARES = { mask: 0.04, inversion: 0.48, edit: 0.48 } as const;
