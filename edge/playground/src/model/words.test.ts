import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../shared/client/src/errors.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../../../../shared/problem.ts";
import { readTokens } from "./tokens.ts";
import { troubleFrom, troubleOf } from "./words.ts";

const codes = Object.keys(PROBLEM_STATUS) as ProblemCode[];
const problem = (code: ProblemCode, detail = "some detail") => ({
  type: "about:blank",
  title: code,
  status: PROBLEM_STATUS[code],
  detail,
  code,
  request_id: "request",
});

describe("errors in words", () => {
  it.each(codes)("has a title and advice for %s, and no code in it", (code) => {
    const { title, advice } = troubleOf(code, "some detail");
    expect(title.length).toBeGreaterThan(10);
    expect(advice.length).toBeGreaterThan(5);
    expect(`${title} ${advice}`).not.toMatch(/_|\b\d{3}\b/);
  });

  it("says when to come back, what to change, and that the network is away", () => {
    expect(troubleFrom(new ApiError(429, problem("rate_limited"), 17)).advice).toMatch(/17 s/);
    expect(troubleFrom(new ApiError(422, problem("invalid_request", "no region fits"), null)).title).toMatch(
      /No part/,
    );
    expect(troubleFrom(new TypeError("fetch failed"))).toMatchObject({ title: "No connection", retry: true });
    const refused = "the prompt is refused by the policy prompt.minors: children and anybody under eighteen";
    expect(troubleFrom(new ApiError(422, problem("moderated", refused), null)).advice).toBe(
      "Not allowed in the prompt: children and anybody under eighteen. Choose other words or another photo.",
    );
    const unknown = 'there is nothing to change: "clown nose" was left out: this model was taught hair';
    expect(troubleFrom(new ApiError(422, problem("invalid_request", unknown), null))).toMatchObject({
      title: "The model cannot draw this",
      advice: '"clown nose" was left out: this model was taught hair. Try other words.',
    });
    expect(troubleFrom(new ApiError(502, null, null)).retry).toBe(true);
  });
});

describe("pasted tokens", () => {
  const [edit, upload] = [
    "https://a.test/v1/edits?token=a..b.c.d",
    "https://a.test/v1/uploads?token=e..f.g.h",
  ];

  it("are read wherever they stand", () => {
    const tokens = { edit: "a..b.c.d", upload: "e..f.g.h", until: Number.POSITIVE_INFINITY };
    expect(readTokens(`{"url":"${upload}"} and ${edit}`)).toEqual(tokens);
  });

  it("are never a secret key, and both are needed", () => {
    expect(readTokens(`sk_abc ${edit} ${upload}`)).toMatch(/secret key/);
    expect(readTokens(edit)).toMatch(/uploads is missing/);
    expect(readTokens(upload)).toMatch(/edits is missing/);
    expect(readTokens("hello")).toMatch(/No address/);
  });
});
