// The thread of the policies, so that their networks block nothing else.
import { serveThread } from "../thread/serve-thread.ts";
import { type Judge, openJudge } from "./judge.ts";
import type { PoliciesOpening } from "./moderator.ts";

await serveThread(async (data) => {
  const { moderation, folder } = data as PoliciesOpening;
  const judge = await openJudge(moderation, folder);
  return {
    perform(call, inputs) {
      const policy = judge[call as keyof Judge] as (...inputs: readonly unknown[]) => Promise<unknown>;
      return policy.apply(judge, [...inputs]);
    },
  };
});
