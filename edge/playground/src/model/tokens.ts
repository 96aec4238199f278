/** Tokens that stand in for a key. */
export interface Tokens {
  readonly edit: string;
  readonly upload: string;
  /** Unix milliseconds; infinite where nobody said when they end. */
  readonly until: number;
}

const ADDRESS = /\/v1\/(edit|upload)s\?token=([\w.-]+)/g;

/** Reads the two addresses that `POST /v1/sign` gives, wherever they stand in a text; else says what is amiss. */
export function readTokens(text: string): Tokens | string {
  if (/\bsk_/.test(text))
    return "This holds a secret key. It must never be put into a web page: sign tokens with it on your server.";
  const found = new Map([...text.matchAll(ADDRESS)].map(([, action, token]) => [action, token]));
  const [edit, upload] = [found.get("edit"), found.get("upload")];
  if (edit === undefined && upload === undefined)
    return "No address of POST /v1/sign is in this text: one ends in /v1/edits?token=…, one in /v1/uploads?token=….";
  if (edit === undefined) return "The address for edits is missing: /v1/edits?token=….";
  if (upload === undefined) return "The address for uploads is missing: /v1/uploads?token=….";
  return { edit, upload, until: Number.POSITIVE_INFINITY };
}
