/**
 * Which IP addresses are reachable on the public internet, from the IANA special-purpose registries (RFC 6890 and
 * its updates). Names are not resolved here: on Cloudflare a worker's fetch only ever leaves to the public internet.
 */

/** An address as a number, with its family's width in bits. */
interface Address {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

const NOT_PUBLIC_V4 = [
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // carrier-grade NAT
  "127.0.0.0/8", // loopback
  "168.63.129.16/32", // Azure's host of its metadata, in a public range
  "169.254.0.0/16", // link-local, the metadata service of most clouds
  "172.16.0.0/12", // private
  "192.0.0.0/24", // IETF protocol assignments, Oracle's metadata
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays, withdrawn
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
].map(range);

/** All of IPv6 but this is loopback, mapped IPv4, NAT64, unique-local, link-local, multicast or unassigned. */
const GLOBAL_UNICAST_V6 = range("2000::/3");

const NOT_PUBLIC_V6 = [
  "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4, which carries an IPv4 address
  "3fff::/20", // documentation
].map(range);

/**
 * Whether the host of a parsed URL is an IP address, and if so whether it is a public one. The URL parser has turned
 * decimal, octal, hexadecimal and shortened IPv4 into four decimal parts and IPv6 into its canonical form.
 * @param host `URL.hostname`, IPv6 in brackets
 */
export function addressKind(host: string): "name" | "public" | "private" {
  const address = host.startsWith("[") ? parseV6(host.slice(1, -1)) : parseV4(host);
  if (address === null) return "name";
  if (address.bits === 32) return NOT_PUBLIC_V4.some((net) => net(address)) ? "private" : "public";
  return GLOBAL_UNICAST_V6(address) && !NOT_PUBLIC_V6.some((net) => net(address)) ? "public" : "private";
}

/**
 * The part of an address that identifies a visitor: all of IPv4, and of IPv6 the first 64 bits, which one connection
 * has to itself.
 * @param address as in `CF-Connecting-IP`; what is not an IPv6 address is used unchanged
 */
export function networkOf(address: string): string {
  const text = `http://[${address}]`;
  if (!URL.canParse(text)) return address;
  const { value } = parseV6(new URL(text).hostname.slice(1, -1));
  return `${(value >> 64n).toString(16)}::/64`;
}

/** Membership of a network written as `address/prefix`. */
function range(cidr: string): (address: Address) => boolean {
  const [text = "", prefix] = cidr.split("/");
  const network = text.includes(":") ? parseV6(text) : parseV4(text);
  if (network === null) throw new RangeError(`not a network: ${cidr}`);
  const host = BigInt(network.bits - Number(prefix));
  return ({ value, bits }) => bits === network.bits && value >> host === network.value >> host;
}

function parseV4(text: string): Address | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const value = text.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  return { value, bits: 32 };
}

function parseV6(text: string): Address {
  const [head = "", tail] = text.split("::");
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [left, right] = [groups(head), groups(tail)];
  const zeros = new Array<string>(8 - left.length - right.length).fill("0");
  const value = [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return { value, bits: 128 };
}
