import { InvalidArgumentError } from "commander";
import { type FaceChoice, faceChoiceSchema } from "../../../shared/mask.ts";

/** Reads an option that is a number. @throws InvalidArgumentError, which commander prints with the option's name */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("it is not a number.");
  return value;
}

/** Reads an option that is a number above 0. */
export function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError("it is not a number above 0.");
  return value;
}

/** Reads an option that is a whole number from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = number(text);
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`it is not a whole number ${range}.`);
    }
    return value;
  };
}

/** Reads the choice of a face: its place in the list of faces, or a point on it, "x,y". */
export function faceChoice(text: string): FaceChoice {
  const [x, y, ...more] = text.split(",").map(number);
  const choice = faceChoiceSchema.safeParse(y === undefined ? x : { x, y });
  if (more.length > 0 || !choice.success)
    throw new InvalidArgumentError('it is neither a place, counted from 0, nor a point such as "512,300".');
  return choice.data;
}
