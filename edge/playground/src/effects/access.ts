import { ApiError } from "../../../../shared/client/src/errors.ts";
import { request } from "../../../../shared/client/src/request.ts";
import { playgroundSessionSchema } from "../../../../shared/playground.ts";
import type { Tokens } from "../model/tokens.ts";

/** Time before its end at which a session counts as over, in milliseconds. */
const MARGIN_MS = 60_000;

/**
 * The page's permission: a session of the server's demo account, or tokens that the visitor gave. It stays in memory:
 * closing the page forgets it.
 */
export class Access {
  readonly #needed: () => void;
  #tokens: Promise<Tokens> | null = null;
  #give: ((tokens: Tokens) => void) | null = null;

  /** @param needed is told when the server has no session to give, so that the visitor must */
  constructor(needed: () => void) {
    this.#needed = needed;
  }

  /** Tokens that are good now; waits for the visitor where only they can give some. @throws what the session's request throws */
  async tokens(): Promise<Tokens> {
    const known = await this.#current();
    if (Date.now() < known.until - MARGIN_MS) return known;
    this.#tokens = null;
    return this.#current();
  }

  /** Takes what the visitor pasted. */
  give(tokens: Tokens): void {
    if (this.#give === null) this.#tokens = Promise.resolve(tokens);
    else this.#give(tokens);
    this.#give = null;
  }

  #current(): Promise<Tokens> {
    this.#tokens ??= this.#obtain();
    this.#tokens.catch(() => {
      this.#tokens = null; // the next one who needs them asks again
    });
    return this.#tokens;
  }

  async #obtain(): Promise<Tokens> {
    const session = await sessionTokens();
    if (session !== null) return session;
    this.#needed();
    return new Promise((resolve) => {
      this.#give = resolve;
    });
  }
}

/** A session of the demo account, or null if the server offers none. */
async function sessionTokens(): Promise<Tokens | null> {
  try {
    const answer = await request({ url: location.origin }, "/playground/session", {});
    const { edit_token, upload_token, expires_at } = playgroundSessionSchema.parse(await answer.json());
    return { edit: edit_token, upload: upload_token, until: Date.parse(expires_at) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
