import { DurableObject } from "cloudflare:workers";
import type { Id } from "../../../shared/ids.ts";
import type { EditMessage } from "../account/contract/edits.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { perform } from "./run-attempt.ts";

/**
 * The platform keeps an object for 70 s after the last call if it waits for an answer, and for 15 minutes inside its
 * alarm. A run longer than this, in milliseconds, continues in the alarm; most end before and write nothing.
 */
const ALARM_AFTER_MS = 30_000;

/** What a consumer calls on an edit's runner. */
export interface RunnerRpc {
  /** Claims the edit and runs it. Returns once it is claimed, or if there is nothing to do. */
  begin(message: EditMessage): Promise<void>;
}

/** The object that runs one edit, typed by its contract. */
export function runnerOf(env: Env, edit: Id<"edit">): RunnerRpc {
  return env.RUNNERS.getByName(edit) as unknown as RunnerRpc;
}

/**
 * Runs one edit: holds the answer of the GPU function, renews the lease, and reports the end. There is one object per
 * edit, so as many edits run at a time as there are GPUs. It stores nothing: if it is lost, the lease lapses, and the
 * account's alarm sends the edit again.
 */
export class Runner extends DurableObject<Env> implements RunnerRpc {
  readonly #underWay = new Set<Promise<void>>();

  async begin(message: EditMessage): Promise<void> {
    const claim = await accountOf(this.env, message.account).claim(message.edit);
    // settled, or already running: the account itself resends a message if a run is lost
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

  /** Waits until every run here has ended, and leaves no storage behind. */
  override async alarm(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await this.ctx.storage.deleteAll();
  }
}
