/** A four-letter type as the big-endian number it is in a file. */
export function fourCC(text: string): number {
  return [...text].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
}
