import type { Id } from "../../../shared/ids.ts";

/** Storage key in R2 of the mask that PASL located. @param located its `maskKey`, without options */
export const locatedObject = (account: Id<"acct">, located: string) => `${account}/masks/${located}/located`;

/** Storage key in R2 of a finished mask. @param finished its `maskKey`, with options */
export const finishedObject = (account: Id<"acct">, located: string, finished: string) =>
  `${account}/masks/${located}/${finished.slice(0, 32)}`;
