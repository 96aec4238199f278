import { InputError, WeightsError } from "../../src/errors.ts";

/** Runs a bench to its end. What a person got wrong is one line and exit code 2; the rest is a fault of ours. */
export async function runBench(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof InputError || error instanceof WeightsError || error instanceof RangeError))
      throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
