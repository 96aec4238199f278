import type { Subject } from "./attributes.ts";

/** A portrait that comes along with the page. */
export interface Example {
  readonly name: string;
  readonly subject: Subject;
  /** What it shows, for who cannot see it. */
  readonly shows: string;
}

export const EXAMPLES: readonly Example[] = [
  { name: "portrait-01", subject: "woman", shows: "A smiling woman with long black hair and bangs" },
  { name: "portrait-02", subject: "man", shows: "A man with short brown hair" },
  { name: "portrait-03", subject: "woman", shows: "A smiling woman with long pink hair" },
  { name: "portrait-04", subject: "man", shows: "A smiling man with short dark hair" },
  { name: "portrait-05", subject: "man", shows: "A smiling man with a gray bob and freckles" },
  { name: "portrait-06", subject: "man", shows: "A man with long blond curls" },
  { name: "portrait-07", subject: "woman", shows: "A smiling woman with white curls" },
  { name: "portrait-08", subject: "man", shows: "A man with short black hair" },
];

/** Pixels a side. */
export const EXAMPLE_SIDE = 512;

export const pictureOf = ({ name }: Pick<Example, "name">) => `/examples/${name}.png`;
export const thumbnailOf = ({ name }: Pick<Example, "name">) => `/examples/${name}.webp`;
