/** This many failures in a row are an outage; after a single one the next command is tried as usual. */
const FAILURES = 3;

/** After an outage is detected no command is tried for this long, so that requests do not wait one after another. */
const OPEN_MS = 5_000;

/** Commands to a service that may be away: null instead of an answer, and one log line per outage. */
export class Circuit {
  readonly #event: string;
  #failures = 0;
  #openUntil = 0;

  /** @param event name of the log line */
  constructor(event: string) {
    this.#event = event;
  }

  /** The command's answer, or null if it failed or was not tried. */
  async attempt<T>(command: () => Promise<T>): Promise<T | null> {
    const left = this.#openUntil - Date.now();
    // longer than possible: the clock was set back
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
