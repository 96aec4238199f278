import { expect, test } from "vitest";
import {
  errorIn,
  expiryDaysIn,
  identityIn,
  saysNoBucket,
  saysNoQueue,
  saysNoWorker,
  secretsIn,
} from "./wrangler-output.ts";

test("finds JSON after other lines, and ignores JSON of another shape", () => {
  const login = {
    loggedIn: true,
    email: "a@b.c",
    authType: "OAuth Token",
    accounts: [{ name: "A", id: "1" }],
  };
  expect(identityIn(`▲ [WARNING] something\n${JSON.stringify(login, null, 2)}\n`)).toMatchObject({
    email: "a@b.c",
  });
  expect(identityIn('{"loggedIn":false}')).toBeNull();
  expect(identityIn("")).toBeNull();
  expect(secretsIn('[\n  {\n    "name": "A",\n    "type": "secret_text"\n  }\n]')).toEqual(["A"]);
  expect(secretsIn("{ not json")).toBeNull();
});

test("reads the days of the named rule", () => {
  const listed = `Listing lifecycle rules for bucket 'b'...
name:     other
enabled:  Yes
prefix:   (all prefixes)
action:   Expire objects after 30 days

name:     expire-content
enabled:  Yes
prefix:   acct_
action:   Expire objects after 2 days`;
  expect(expiryDaysIn(listed, "expire-content")).toBe(2);
  expect(expiryDaysIn(listed, "expire")).toBeNull();
});

test("distinguishes a missing resource from another error", () => {
  expect(saysNoBucket("The specified bucket does not exist. [code: 10006]")).toBe(true);
  expect(saysNoBucket("Authentication error [code: 10000]")).toBe(false);
  expect(saysNoQueue('Queue "a" does not exist. To create it, run: …')).toBe(true);
  expect(saysNoQueue("fetch failed")).toBe(false);
  expect(saysNoWorker('Worker "a" not found.')).toBe(true);
  expect(saysNoWorker("Authentication error [code: 10000]")).toBe(false);
});

test("takes the marked line as the reason, otherwise the last line", () => {
  expect(errorIn("\n✘ [ERROR] no such thing\n\n  note\n")).toBe("no such thing");
  expect(errorIn("one\ntwo\n\n")).toBe("two");
});
