import { SNIPPET_LANGUAGES, type SnippetRequest } from "../../../shared/snippets/request.ts";
import { snippet } from "../../../shared/snippets/snippets.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: { readonly example?: unknown };
  readonly example?: unknown;
}

interface Media {
  readonly schema?: { readonly $ref?: string };
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}

type Schemas = Readonly<Record<string, { readonly example?: unknown }>>;

/** An operation in each language, as the contract's `x-codeSamples`. */
export function codeSamples(
  operation: DescribedOperation,
  at: Pick<SnippetRequest, "method" | "origin"> & { readonly path: string },
  schemas: Schemas,
) {
  const request = requestOf(operation, at, schemas);
  return SNIPPET_LANGUAGES.map((lang) => ({ lang, label: lang, source: snippet(lang, request) }));
}

function requestOf(
  { operationId, security = [], parameters = [], requestBody }: DescribedOperation,
  { method, origin, path }: Pick<SnippetRequest, "method" | "origin"> & { readonly path: string },
  schemas: Schemas,
): SnippetRequest {
  const content = requestBody?.content ?? {};
  const name = content["application/json"]?.schema?.$ref?.split("/").at(-1);
  const example = name === undefined ? undefined : schemas[name]?.example;
  const exampleOf = (wanted: string) => {
    const parameter = parameters.find(({ name }) => name === wanted);
    return String(parameter?.example ?? parameter?.schema?.example ?? wanted.toUpperCase());
  };
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => exampleOf(parameter));
  const filled = ids.reduce((text, id) => text.replace(/\{\w+\}/, id), path);
  return {
    operation: operationId,
    method,
    origin,
    path: filled,
    ids,
    keyed: security.length > 0,
    body: (example as SnippetRequest["body"] | undefined) ?? null,
    file: "application/octet-stream" in content,
  };
}
