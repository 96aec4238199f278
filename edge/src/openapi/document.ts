import type { OpenAPIHono } from "@hono/zod-openapi";
import type { SnippetRequest } from "../../../shared/snippets/request.ts";
import { CURRENT_VERSION } from "../../../shared/versions.ts";
import type { AppEnv } from "../context.ts";
import { codeSamples, type DescribedOperation } from "./snippets.ts";

const DESCRIPTION = `Edit a portrait by saying what it should show: only what the prompt names changes.
Errors are problem documents (RFC 9457) with a stable \`code\` and a \`detail\` that says what to do.
Every POST takes an \`Idempotency-Key\`. Every answer carries \`X-Request-Id\`. URLs in answers are signed and expire.
\`Flux-Version\` names the version of the API that a client was written for (\`/docs/versions\`).
Guides, snippets and a form to try each route: \`/docs\`.`;

/** Properties of a route for internal use, hidden from readers of the contract. */
const INTERNAL = ["middleware", "hide"] as const;

type Document = ReturnType<OpenAPIHono<AppEnv>["getOpenAPI31Document"]>;

/** The contract as OpenAPI 3.1, generated from the schemas that validate the requests. */
export function describeApi(app: OpenAPIHono<AppEnv>, server: string): Document {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Flux-Sculptor", version: CURRENT_VERSION, description: DESCRIPTION },
    servers: [{ url: server }],
    tags: [
      { name: "edits", description: "Edited portraits." },
      { name: "images", description: "Photos and masks." },
      { name: "signed use", description: "Tokens and URLs for apps and pages that have no key." },
      { name: "account", description: "Credits, models and prices." },
      { name: "admin", description: "Accounts and keys; scope admin." },
      { name: "service", description: "The service itself." },
    ],
  });
  sayDefaults(document.components?.schemas);
  for (const { operation, method, path } of operationsOf(document)) {
    for (const name of INTERNAL) delete operation[name];
    // stated for every operation, so that no reader has to guess whether it needs a key
    operation.security ??= [];
    if (path !== null)
      operation["x-codeSamples"] = codeSamples(
        operation as unknown as DescribedOperation,
        { origin: server, method: method as SnippetRequest["method"], path },
        (document.components?.schemas ?? {}) as Parameters<typeof codeSamples>[2],
      );
  }
  return document;
}

/**
 * The default of a field with several types is stated in words: generators turn its value into code that does not
 * compile.
 */
function sayDefaults(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const schema = value as { anyOf?: unknown; default?: unknown; description?: string };
  if (Array.isArray(schema.anyOf) && schema.default !== undefined) {
    const said = `Default: \`${schema.default}\`.`;
    schema.description = schema.description === undefined ? said : `${schema.description} ${said}`;
    delete schema.default;
  }
  for (const inner of Object.values(value)) sayDefaults(inner);
}

interface Described {
  readonly operation: Record<string, unknown>;
  readonly method: string;
  /** Null for a webhook. */
  readonly path: string | null;
}

function* operationsOf({ paths = {}, webhooks = {} }: Document): Generator<Described> {
  const items = [...Object.entries(paths), ...Object.values(webhooks).map((item) => [null, item] as const)];
  for (const [path, item] of items)
    for (const [method, operation] of Object.entries(item ?? {}))
      if (typeof operation === "object" && "responses" in operation)
        yield { operation: operation as Record<string, unknown>, method, path };
}
