import type { Session } from "./session.ts";

/**
 * Sessions that share one place in a device's memory: each is opened when it runs and closed when the next one runs, so
 * at most one is open. For sessions whose runs never overlap.
 */
export class Turns {
  #turn: { readonly whose: object; readonly session: Session } | undefined;

  /** A session that is not open yet. @param open opens it; if it rejects, so does the run that needed the session */
  session(open: () => Promise<Session>): Session {
    const whose = {};
    const opened = async () => {
      if (this.#turn?.whose === whose) return this.#turn.session;
      await this.#end();
      const session = await open();
      this.#turn = { whose, session };
      return session;
    };
    return {
      run: async (feeds, outputs) => (await opened()).run(feeds, outputs),
      runKept: async (feeds, outputs) => (await opened()).runKept(feeds, outputs),
      release: async () => {
        if (this.#turn?.whose === whose) await this.#end();
      },
    };
  }

  async #end(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    await turn?.session.release();
  }
}
