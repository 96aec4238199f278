/** Something the caller gave is refused. The message is one line that says what and why. */
export class InputError extends Error {
  name = "InputError";
  code;
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
}
/** A file of the model (weights, tokenizer, manifest) is missing, damaged, or is not what its config says. */
export class WeightsError extends Error {
  name = "WeightsError";
}
/** The edit was cancelled between two evaluations. */
export class CanceledError extends Error {
  name = "CanceledError";
  constructor() {
    super("the edit was cancelled");
  }
}
