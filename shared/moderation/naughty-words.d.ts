declare module "naughty-words" {
  /** Lists by language: ISO 639 codes. */
  const lists: Readonly<Record<string, readonly string[]>>;
  export default lists;
}
