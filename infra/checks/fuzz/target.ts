/** A boundary of the system where untrusted bytes are read. */
export interface Target {
  readonly name: string;
  /** Maximum processor time that one input may take, in milliseconds. */
  readonly limitMs: number;
  /** Makes an input; the same number gives the same one. */
  readonly make: (seed: number) => Promise<Uint8Array>;
  /**
   * Feeds an input to the real code.
   * @returns whether the input was accepted; a proper refusal is not one of the errors below
   * @throws whatever else the code throws, and `Violation`
   */
  readonly feed: (bytes: Uint8Array) => Promise<"accepted" | "refused">;
}

/** The code answered, but with something it must never answer. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** @throws Violation if a rule does not hold */
export function must(holds: boolean, rule: string): void {
  if (!holds) throw new Violation(rule);
}

/** Turns the code's own errors into refusals; other errors pass through. */
export async function answerOf(
  read: () => unknown,
  isRefusal: (error: unknown) => boolean,
): Promise<"accepted" | "refused"> {
  try {
    await read();
    return "accepted";
  } catch (error) {
    if (isRefusal(error)) return "refused";
    throw error;
  }
}
