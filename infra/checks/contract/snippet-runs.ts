// The snippets of /docs, as they stand in the contract, sent to the running server: each route in curl, TypeScript and
// Python. Swift and Kotlin are written to files, for their grammars.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SampleAccount } from "./sample-account.ts";

/** Languages that run here, and how a file of each is called. */
const RUN = { curl: "sh", TypeScript: "ts", Python: "py" } as const;
export const PARSED = { Swift: "swift", Kotlin: "kt" } as const;

type Language = keyof typeof RUN | keyof typeof PARSED;

/** What cannot be sent as it stands, and why. */
const NOT_SENT: Readonly<Record<string, string>> = {
  receiveStripe: "Stripe signs it",
  getFile: "its address comes whole in an answer, with a signature",
  putFile: "its address comes whole in an answer, with a signature",
  putUpload: "its address comes whole in an answer, and works once",
  renderEdit: "its address comes whole in an answer",
};

/** What the snippets of each language ask for: what one erases, another still needs. */
export type SnippetAccounts = Readonly<Record<Language, SampleAccount>>;

/** Refusals that are the right answer: the edit of the examples has ended before it can be cancelled. */
const REFUSED: Readonly<Record<string, RegExp>> = { cancelEdit: /the edit has succeeded already/ };

/** Why a snippet did not do what it says, by what it printed when it failed; null if it was answered as it should. */
export const faultIn = ({ operation, language }: Snippet, said: string): string | null =>
  REFUSED[operation]?.test(said)
    ? null
    : `${operation} in ${language}: ${said.trim().split("\n").slice(-4).join(" ")}`;

interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly "x-codeSamples": readonly { readonly lang: Language; readonly source: string }[];
}

export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Snippet {
  readonly operation: string;
  readonly language: Language;
  readonly file: string;
  /** Whether it is the operator's: it needs another key. */
  readonly admin: boolean;
}

/** Ids in the contract's examples, and their replacements here. */
const inPlace = (source: string, { image, edit, account }: SampleAccount): string =>
  source
    .replaceAll(/img_01hxq7zm4w9v8k2c5t3r6n0pbd/g, image)
    .replaceAll(/edit_01hxq7zm4w9v8k2c5t3r6n0pbd/g, edit)
    .replaceAll(/acct_01hxq7zm4w9v8k2c5t3r6n0pbd/g, account);

/** What erases comes last, and erases what nothing else needs. */
function last(
  operation: string,
  source: string,
  { erasable: [image = ""], revocable }: SampleAccount,
): string | null {
  if (operation === "deleteImage") return source.replaceAll(/img_\w{26}/g, image);
  if (operation === "revokeKey") return source.replaceAll(/key_\w{26}/g, revocable);
  return operation.startsWith("delete") ? source : null;
}

/** Writes every snippet into a folder, in an order in which they can be run. */
export function writeSnippets({ paths }: Contract, accounts: SnippetAccounts, folder: string): Snippet[] {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const written = operations.flatMap(({ operationId: operation, tags = [], "x-codeSamples": samples }) =>
    samples.map(({ lang: language, source }) => {
      const own = accounts[language];
      const erasing = last(operation, source, own);
      const file = join(folder, `${operation}.${{ ...RUN, ...PARSED }[language]}`);
      writeFileSync(file, `${inPlace(erasing ?? source, own)}\n`);
      return { operation, language, file, admin: tags.includes("admin"), late: erasing !== null };
    }),
  );
  return written.toSorted((a, b) => Number(a.late) - Number(b.late));
}

/** The snippet of an operation in a language, in a contract's file. */
export function sampleIn(file: string, wanted: string, language: string): string {
  const { paths }: Contract = JSON.parse(readFileSync(file, "utf8"));
  const operation = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .find(({ operationId }) => operationId === wanted);
  return operation?.["x-codeSamples"].find(({ lang }) => lang === language)?.source ?? "";
}

export const isSent = ({ operation, language }: Snippet): boolean =>
  language in RUN && !(operation in NOT_SENT);
