import { describe, expect, test } from "vitest";
import { refuseTarget } from "./target.ts";

const inProduction = (url: string) => refuseTarget(url, { allowPrivate: false });
const inDevelopment = (url: string) => refuseTarget(url, { allowPrivate: true });

describe("in production", () => {
  test.each([
    "https://example.com/hook",
    "https://example.com:8443/hook?a=b#c",
    "https://EXAMPLE.com./hook",
    "https://bücher.example/hook",
    "https://8.8.8.8/hook",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://[2606:4700:4700::1111]/hook",
    "https://local.example.com/",
    "https://internal.example/",
    "https://localhost.example.com/",
    "https://10.0.0.1.example.com/",
  ])("%s is a target", (url) => expect(inProduction(url)).toBeNull());

  test.each([
    ["plain http", "http://example.com/"],
    ["another protocol", "ftp://example.com/"],
    ["a file", "file:///etc/passwd"],
    ["a data URL", "data:text/plain,hello"],
    ["nothing", ""],
    ["a path", "/hook"],
    ["a user name", "https://user@example.com/"],
    ["a password", "https://:secret@example.com/"],
    ["credentials that look like a host", "https://example.com@127.0.0.1/"],
  ])("%s is refused", (_, url) => expect(inProduction(url)).not.toBeNull());

  test.each([
    ["localhost", "https://localhost/"],
    ["localhost in capitals", "https://LOCALHOST:8443/"],
    ["localhost of the root", "https://localhost./"],
    ["a name under localhost", "https://api.localhost/"],
    ["a name without a dot", "https://redis/"],
    ["multicast DNS", "https://printer.local/"],
    ["Google's metadata", "https://metadata.google.internal/computeMetadata/v1/"],
    ["an internal name of the root", "https://vault.internal./"],
    ["full-width letters", "https://ｌｏｃａｌｈｏｓｔ/"],
    ["a home network", "https://router.home.arpa/"],
  ])("%s is refused", (_, url) => expect(inProduction(url)).toBe("must be on the public internet"));

  test.each([
    ["loopback", "https://127.0.0.1/"],
    ["all of loopback", "https://127.255.255.254/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, hexadecimal", "https://0x7f000001/"],
    ["loopback, hexadecimal parts", "https://0x7f.0x0.0x0.0x1/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, octal in one", "https://017700000001/"],
    ["loopback, shortened", "https://127.1/"],
    ["loopback, three parts", "https://127.0.1/"],
    ["loopback of the root", "https://127.0.0.1./"],
    ["loopback, full-width digits", "https://１２７.０.０.１/"],
    ["loopback, escaped", "https://%31%32%37.0.0.1/"],
    ["loopback, ideographic stops", "https://127。0。0。1/"],
    ["this host", "https://0.0.0.0/"],
    ["this host, short", "https://0/"],
    ["private 10", "https://10.1.2.3/"],
    ["private 172.16", "https://172.16.0.1/"],
    ["private 172.31", "https://172.31.255.255/"],
    ["private 192.168", "https://192.168.1.1/"],
    ["private 192.168, hexadecimal", "https://0xc0a80101/"],
    ["carrier-grade NAT", "https://100.64.0.1/"],
    ["Alibaba's metadata", "https://100.100.100.200/"],
    ["link-local metadata", "https://169.254.169.254/latest/meta-data/"],
    ["link-local metadata, decimal", "https://2852039166/"],
    ["Azure's metadata host", "https://168.63.129.16/"],
    ["Oracle's metadata", "https://192.0.0.192/"],
    ["documentation", "https://192.0.2.1/"],
    ["documentation 2", "https://198.51.100.7/"],
    ["documentation 3", "https://203.0.113.7/"],
    ["benchmarks", "https://198.19.0.1/"],
    ["multicast", "https://224.0.0.1/"],
    ["reserved", "https://240.0.0.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["IPv6 unspecified", "https://[::]/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv6 loopback in full", "https://[0000:0000:0000:0000:0000:0000:0000:0001]/"],
    ["IPv4-mapped loopback", "https://[::ffff:127.0.0.1]/"],
    ["IPv4-mapped loopback, hexadecimal", "https://[::ffff:7f00:1]/"],
    ["IPv4-mapped public address", "https://[::ffff:8.8.8.8]/"],
    ["IPv4-compatible", "https://[::127.0.0.1]/"],
    ["NAT64", "https://[64:ff9b::7f00:1]/"],
    ["local NAT64", "https://[64:ff9b:1::a00:1]/"],
    ["6to4", "https://[2002:7f00:1::]/"],
    ["Teredo", "https://[2001:0:7f00:1::]/"],
    ["unique local", "https://[fc00::1]/"],
    ["Amazon's metadata", "https://[fd00:ec2::254]/"],
    ["IPv6 link-local", "https://[fe80::1]/"],
    ["site-local", "https://[fec0::1]/"],
    ["IPv6 multicast", "https://[ff02::1]/"],
    ["IPv6 documentation", "https://[2001:db8::1]/"],
    ["IPv6 documentation 2", "https://[3fff::1]/"],
    ["discard only", "https://[100::1]/"],
    ["segment routing", "https://[5f00::1]/"],
  ])("%s is refused", (_, url) => expect(inProduction(url)).toBe("must be on the public internet"));

  test.each(["https://[fe80::1%25eth0]/", "https://256.256.256.256/", "https://1.2.3.4.5/"])(
    "%s is no URL",
    (url) => expect(inProduction(url)).toBe("not a URL"),
  );
});

describe("in local development", () => {
  test.each(["http://127.0.0.1:4000/hook", "http://localhost:4000/", "https://10.0.0.1/"])(
    "%s is a target",
    (url) => expect(inDevelopment(url)).toBeNull(),
  );

  test.each(["ftp://127.0.0.1/", "http://user:secret@localhost/", "javascript:alert(1)"])(
    "%s is refused",
    (url) => expect(inDevelopment(url)).not.toBeNull(),
  );
});
