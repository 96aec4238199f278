/**
 * Whether `If-None-Match` names this entity tag (RFC 9110, 13.1.2: a list, compared weakly, or `*`).
 * @param etag a strong one, with its quotes
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const tags: readonly string[] = header.match(/"[\x21\x23-\x7e]*"/g) ?? [];
  return tags.includes(etag);
}
