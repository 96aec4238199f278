import type { Edited } from "./editor.ts";
import type { Failure } from "./failure.ts";
import type { Outputs } from "./outputs.ts";

/** Reports an edit in a line for people. */
export function outcomeLine(outputs: Outputs, edited: Edited): string {
  const { coverage, evaluations, seconds, credits, readAs, warnings } = edited;
  const parts = [
    `${(100 * coverage).toFixed(0)} % of the photo edited`,
    `${evaluations} evaluations`,
    `${seconds.toFixed(1)} s`,
    ...(credits === null ? [] : [`${credits} ${credits === 1 ? "credit" : "credits"}`]),
  ];
  const notes = [...(readAs === null ? [] : [`read as "${readAs}"`]), ...warnings];
  return [`${outputs.image}: ${parts.join(", ")}`, ...notes.map((note) => `  ${note}`)].join("\n");
}

/** Reports an edit as an object. Its fields are the same wherever the edit was made and however it ended. */
export function outcomeRecord(
  { photo, prompt }: { readonly photo: string; readonly prompt: string },
  outputs: Outputs,
  outcome: Edited | Failure,
): Record<string, unknown> {
  const edited = "image" in outcome ? outcome : null;
  const failure = "exit" in outcome ? outcome : null;
  const written = (path: string | null) => (edited === null ? null : path);
  return {
    photo,
    prompt,
    status: edited ? "succeeded" : failure?.exit === 130 ? "canceled" : "failed",
    out: written(outputs.image),
    mask_out: written(outputs.mask),
    grid: written(outputs.grid),
    width: edited?.width ?? null,
    height: edited?.height ?? null,
    coverage: edited?.coverage ?? null,
    preservation: edited?.preservation ?? null,
    evaluations: edited?.evaluations ?? null,
    read_as: edited?.readAs ?? null,
    warnings: edited?.warnings ?? [],
    seconds: edited?.seconds ?? null,
    edit_id: edited?.editId ?? null,
    credits: edited?.credits ?? null,
    error: failure && { code: failure.code, message: failure.message },
  };
}
