import { DurableObject } from "cloudflare:workers";
import type { Id } from "../../../shared/ids.ts";
import type { EditMessage } from "../account/contract/edits.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { perform } from "./run.ts";

/**
 * The platform keeps an object for 70 s after the last call if it waits for an answer, and for 15 minutes inside of its
 * alarm. A run that is longer than this, in milliseconds, goes on in the alarm; most are over before, and write nothing.
 */
const ALARM_AFTER_MS = 30_000;

/** What a consumer asks of an edit's runner. */
export interface RunnerRpc {
  /** Claims the edit and runs it. Returns once it is claimed, or where there is nothing to do. */
  begin(message: EditMessage): Promise<void>;
}

/** The object that runs one edit, seen through its contract. */
export function runnerOf(env: Env, edit: Id<"edit">): RunnerRpc {
  return env.RUNNERS.getByName(edit) as unknown as RunnerRpc;
}

/**
 * Runs one edit: it holds the answer of the GPU function, renews the lease, and reports the end. As many edits run at a
 * time as there are objects, so as many as there are GPUs. It remembers nothing: if it is gone, the lease lapses, and the
 * account's alarm sends the edit again.
 */
export class Runner extends DurableObject<Env> implements RunnerRpc {
  readonly #underWay = new Set<Promise<void>>();

  async begin(message: EditMessage): Promise<void> {
    const claim = await accountOf(this.env, message.account).claim(message.edit);
    // settled, or running already: the account itself sends a message again where a run is lost
    if (claim.outcome !== "claimed") return;
    const alarm = setTimeout(() => this.ctx.storage.setAlarm(Date.now()), ALARM_AFTER_MS);
    const run = perform(this.env, message, claim)
      .catch((error: unknown) =>
        console.error(JSON.stringify({ event: "run_lost", ...message, error: String(error) })),
      )
      .finally(() => {
        clearTimeout(alarm);
        this.#underWay.delete(run);
      });
    this.#underWay.add(run);
  }

  /** Stays until all that runs here has ended, and leaves no storage behind. */
  override async alarm(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await this.ctx.storage.deleteAll();
  }
}
