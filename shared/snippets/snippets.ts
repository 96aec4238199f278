import { curl } from "./curl.ts";
import { kotlin } from "./kotlin.ts";
import { python } from "./python.ts";
import type { SnippetLanguage, SnippetRequest } from "./request.ts";
import { swift } from "./swift.ts";
import { typescript } from "./typescript.ts";

const WRITERS: Readonly<Record<SnippetLanguage, (request: SnippetRequest) => string>> = {
  curl,
  TypeScript: typescript,
  Python: python,
  Swift: swift,
  Kotlin: kotlin,
};

/** A request in a language, ready to copy. */
export const snippet = (language: SnippetLanguage, request: SnippetRequest): string =>
  WRITERS[language](request);
