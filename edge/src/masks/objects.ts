import type { Id } from "../../../shared/ids.ts";

/** Where the mask that PASL located lies in R2. @param located its `maskKey`, without options */
export const locatedObject = (account: Id<"acct">, located: string) => `${account}/masks/${located}/located`;

/** Where a finished mask lies in R2. @param finished its `maskKey`, with options */
export const finishedObject = (account: Id<"acct">, located: string, finished: string) =>
  `${account}/masks/${located}/${finished.slice(0, 32)}`;
