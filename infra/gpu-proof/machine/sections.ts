/** The sections of the proof: what one of them lacks, or breaks, must not cost the figures of the others. */

export interface Sections {
  readonly [name: string]: () => Promise<void>;
}

/**
 * Runs sections in order. One that would begin after the deadline is left out.
 * @param deadline in milliseconds since 1970
 * @returns whether all have ended well
 */
export async function runSections(
  sections: Sections,
  deadline: number,
  say: (name: string, value: string) => void,
): Promise<boolean> {
  let well = true;
  for (const [name, section] of Object.entries(sections)) {
    const fault =
      Date.now() < deadline
        ? await section().then(
            () => null,
            (error: unknown) => `FAILED: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
          )
        : "left out: no time left";
    if (fault === null) continue;
    say(name, fault);
    well = false;
  }
  return well;
}
