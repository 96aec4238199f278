/** The outcome of one case. */
import { InputError } from "../src/errors.ts";
import { openCase } from "./case.ts";
import { CHECKS } from "./checks.ts";

export interface Outcome {
  /** `broken`: the case cannot be checked at all, since a file is missing or its kind is unknown. */
  readonly state: "ok" | "failed" | "broken";
  readonly error: number;
  readonly line: string;
}

async function check(folder: string): Promise<Outcome> {
  const parity = openCase(folder);
  const { kind } = parity.config;
  const known = Object.hasOwn(CHECKS, kind ?? "") ? CHECKS[kind] : undefined;
  if (!known) throw new InputError("file_unreadable", `${folder}: unknown kind ${JSON.stringify(kind)}`);
  await known.run(parity);
  const unseen = parity.unseen(known.others);
  const passed = parity.worst <= known.tolerance && unseen.length === 0;
  const left = unseen.length > 0 ? `, not compared: ${unseen.join(", ")}` : "";
  return {
    state: passed ? "ok" : "failed",
    error: parity.worst,
    line: `${passed ? "ok    " : "FAILED"} ${parity.worst.toExponential(2)} ${kind} ${folder} (${parity.where})${left}`,
  };
}

/** Runs one case and reports what goes wrong in one line on stderr. */
export async function outcomeOf(folder: string): Promise<Outcome> {
  try {
    return await check(folder);
  } catch (error) {
    const broken = error instanceof InputError;
    const reason = String((error as Error).message).split("\n")[0];
    process.stderr.write(`error: ${broken ? "" : `${folder}: `}${reason}\n`);
    return {
      state: broken ? "broken" : "failed",
      error: 0,
      line: `${broken ? "BROKEN" : "FAILED"} ${folder}`,
    };
  }
}
