/**
 * Operations on which `positive_data_acceptance` is off, each with the rule that a JSON Schema cannot express: data that is
 * valid under the schema may break it, and is refused with the contract's own code. Every other check is on everywhere.
 */
export const EXCLUSIONS: readonly { readonly operation: string; readonly rule: string }[] = [
  {
    operation: "POST /v1/images",
    rule: "the body must be a picture that decodes, of at least 64 pixels a side and at most 25 megapixels",
  },
  {
    operation: "PUT /v1/uploads/{token}",
    rule: "the body must be such a picture, of the type and at most of the size that its token was signed for",
  },
  {
    operation: "POST /v1/masks",
    rule: "after NFKC and trimming, a prompt has words, in scripts that are read, and a source prompt in Latin letters; a data URL holds a picture",
  },
  {
    operation: "POST /v1/edits",
    rule: "after NFKC and trimming, a prompt has words, in scripts that are read, and a source prompt in Latin letters; a data URL holds a picture; T ≤ N",
  },
  {
    operation: "POST /v1/alternatives",
    rule: "after NFKC and trimming, a prompt has words, in scripts that are read, and a source prompt in Latin letters; T ≤ N",
  },
  {
    operation: "POST /v1/sign",
    rule: "after NFKC and trimming, a prompt has words, in scripts that are read, and a source prompt in Latin letters",
  },
  {
    operation: "GET /v1/edits",
    rule: "a cursor is one that this list gave: it is sealed for the account",
  },
  {
    operation: "GET /v1/usage",
    rule: "the range ends after it begins and has at most 366 days",
  },
];
