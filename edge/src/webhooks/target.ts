import { addressKind } from "./addresses.ts";

/** Endings of names that only a private network resolves (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`). */
const PRIVATE_ENDINGS = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "home.arpa",
  "lan",
  "onion",
];

/**
 * Why a webhook may not be sent to this URL, in words for the user who chose it; null if it may. Only public https is
 * allowed; `allowPrivate` (local development) also allows http and private networks.
 */
export function refuseTarget(text: string, { allowPrivate }: { allowPrivate: boolean }): string | null {
  if (!URL.canParse(text)) return "not a URL";
  const url = new URL(text);
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) return "must be https";
  if (url.username !== "" || url.password !== "") return "must not carry a user name or a password";
  if (allowPrivate) return null;
  return isPublicHost(url.hostname) ? null : "must be on the public internet";
}

/** @param hostname as `URL.hostname` gives it: lower case, punycode, addresses in canonical form */
function isPublicHost(hostname: string): boolean {
  const kind = addressKind(hostname);
  if (kind !== "name") return kind === "public";
  const name = hostname.replace(/\.$/, "");
  const single = !name.includes(".");
  return !single && !PRIVATE_ENDINGS.some((ending) => name.endsWith(`.${ending}`));
}
