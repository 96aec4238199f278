/** So many failures in a row are an outage; one is a hiccup, and the next command is tried as usual. */
const FAILURES = 3;

/** After an outage was noticed no command is tried for this long, so that requests do not wait one after another. */
const OPEN_MS = 5_000;

/** Commands to a service that may be away: null in place of an answer, and one log line an outage. */
export class Circuit {
  readonly #event: string;
  #failures = 0;
  #openUntil = 0;

  /** @param event name of the log line */
  constructor(event: string) {
    this.#event = event;
  }

  /** The command's answer, or null if it failed or is not tried. */
  async attempt<T>(command: () => Promise<T>): Promise<T | null> {
    const left = this.#openUntil - Date.now();
    // longer than ever: the clock was set back
    if (left > 0 && left <= OPEN_MS) return null;
    try {
      const answer = await command();
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) console.warn(JSON.stringify({ event: this.#event, error: nameOf(error) }));
      if (this.#failures >= FAILURES) this.#openUntil = Date.now() + OPEN_MS;
      return null;
    }
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
