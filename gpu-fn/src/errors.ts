/** Codes of refused input; the edge maps them to its problem codes, the command line to one line. */
export type InputCode =
  | "image_undecodable"
  | "image_animated"
  | "image_too_small"
  | "image_too_large"
  | "no_face"
  | "mask_invalid"
  | "mask_empty"
  | "mask_required"
  | "prompt_invalid"
  | "unchanged"
  | "schedule_invalid"
  | "option_invalid"
  | "file_unreadable"
  | "output_unwritable";

/** The caller's input is refused. The message is one line that says what and why. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly code: InputCode;

  constructor(code: InputCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A file of the model (weights, tokenizer, manifest) is missing, damaged, or does not match its config. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
}

/** The edit was cancelled between two evaluations. */
export class CanceledError extends Error {
  override readonly name = "CanceledError";

  constructor() {
    super("the edit was cancelled");
  }
}
