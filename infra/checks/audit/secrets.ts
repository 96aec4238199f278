import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";

export interface Found {
  readonly line: number;
  /** The kind of secret; never the value itself. */
  readonly kind: string;
}

/** Keys of this project and of the services it uses that secretlint's recommended rules do not know. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["a secret key of this worker", /\bsk_[0-9a-z]{26}_[0-9a-z]{26}_[0-9a-z]{26}_[0-9a-f]{32}\b/g],
  ["a secret of webhooks", /\bwhsec_[A-Za-z0-9+/]{24,}={0,2}/g],
  ["a key of Stripe", /\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}/g],
  ["a token of Hugging Face", /\bhf_[A-Za-z0-9]{30,}\b/g],
  ["a token of Modal", /\b(?:ak|as|wk|ws)-[A-Za-z0-9]{22,}\b/g],
  ["a sealed or signed token", /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10,}/g],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
];

/** What looks like a secret in a text. @param file its name, which some rules look at */
export async function secretsIn(file: string, text: string): Promise<Found[]> {
  const { messages } = await lintSource({
    source: { filePath: file, content: text, contentType: "text" },
    options: {
      maskSecrets: true,
      noPhysicFilePath: true,
      config: { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }] },
    },
  });
  const listed = messages.map(({ loc, ruleId }) => ({ line: loc.start.line, kind: ruleId }));
  const own = KINDS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(({ index }) => ({ line: text.slice(0, index).split("\n").length, kind })),
  );
  return [...listed, ...own];
}

/** 20 characters and more of a key's alphabet, with digits and letters in them. */
const RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=-]{20,}$/;

/** Variables of a deployment, which anyone may read, that look like secrets. */
export function secretVariables(variables: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(variables)
    .filter(([name, value]) => {
      if (/SECRET|TOKEN|PASSWORD|CREDENTIAL|(?:^|_)KEY(?:_|$)/.test(name)) return true;
      return typeof value === "string" && (RANDOM.test(value) || /^\w+:\/\/[^/]*@/.test(value));
    })
    .map(([name]) => name);
}

/** Ways to a process's own environment; a worker is handed its bindings. */
const ENVIRONMENT = /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\bimport\.meta\.env\b|from "(?:node:)?process"/g;

/** Lines of a source that read an environment. */
export const environmentReads = (text: string): number[] =>
  [...text.matchAll(ENVIRONMENT)].map(({ index }) => text.slice(0, index).split("\n").length);
