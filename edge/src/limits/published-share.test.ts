import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import type { BacklogStore } from "./backlog.ts";
import { PublishedShare } from "./published-share.ts";

/** An account with open credits, and what its backlog holds after `unanswered` writes whose answers are lost. */
function published(credits: number, unanswered: number) {
  const account = newId("acct");
  const state = { credits, held: 0, left: unanswered };
  const store: BacklogStore = {
    latest: null,
    read: async () => null,
    write: async (_, share) => {
      state.held = share.credits;
      state.left -= 1;
      return state.left < 0;
    },
  };
  const said = () => ({ account, credits: state.credits, until: Date.now() + 60_000, msPerCredit: null });
  return {
    state,
    share: new PublishedShare(
      () => store,
      said,
      () => true,
    ),
  };
}

test("a share whose write arrived without an answer is withdrawn as well when its edits have ended", async () => {
  const { state, share } = published(10, 1);
  const done = share.publish();
  await expect.poll(() => state.held, { timeout: 5_000 }).toBe(10);
  state.credits = 0;
  await share.publish();
  await done;
  expect(state.held).toBe(0);
});

test("nothing is written of edits that end before they are published", async () => {
  const { state, share } = published(10, 0);
  const done = share.publish();
  state.credits = 0;
  state.held = -1;
  await done;
  expect(state.held).toBe(-1);
});
