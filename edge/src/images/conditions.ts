/** What is known about a file without reading it. */
export interface FileState {
  /** A strong entity tag, with its quotes. */
  readonly httpEtag: string;
  readonly uploaded: Date;
}

const TAGS = /(?:W\/)?"[\x21\x23-\x7e]*"/g;

/** Whether a list of entity tags contains this one (RFC 9110, 8.8.3.2); `*` matches any. */
function names(header: string, etag: string, weakly: boolean): boolean {
  if (header.trim() === "*") return true;
  const tags: readonly string[] = header.match(TAGS) ?? [];
  return tags.includes(etag) || (weakly && tags.includes(`W/${etag}`));
}

/** Whether a file changed after an HTTP date; null if the text is not one, and then the header is ignored. */
function changedAfter(header: string | null, { uploaded }: FileState): boolean | null {
  const at = Date.parse(header ?? "");
  return Number.isNaN(at) ? null : Math.floor(uploaded.getTime() / 1000) > Math.floor(at / 1000);
}

/** Evaluates the conditions of a request for a file, in the order of RFC 9110, 13.2.2. */
export function conditionOf(headers: Headers, file: FileState): 200 | 304 | 412 {
  const [ifMatch, ifNoneMatch] = [headers.get("If-Match"), headers.get("If-None-Match")];
  if (ifMatch !== null) {
    if (!names(ifMatch, file.httpEtag, false)) return 412;
  } else if (changedAfter(headers.get("If-Unmodified-Since"), file) === true) return 412;
  if (ifNoneMatch !== null) return names(ifNoneMatch, file.httpEtag, true) ? 304 : 200;
  return changedAfter(headers.get("If-Modified-Since"), file) === false ? 304 : 200;
}

/** Whether `Range` applies: without `If-Range`, or if that matches the file (RFC 9110, 13.1.5: strong comparison). */
export function rangeCounts(headers: Headers, { httpEtag, uploaded }: FileState): boolean {
  const ifRange = headers.get("If-Range");
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange.trim() === httpEtag;
  return Date.parse(ifRange) === Math.floor(uploaded.getTime() / 1000) * 1000;
}
