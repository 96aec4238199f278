import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { answer, call } from "../../test/client.ts";

type Json = { [key: string]: unknown };

const operationSchema = z.object({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(["query", "header", "path", "cookie"]) }))
    .optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({
      description: z.string().min(1),
      content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
    }),
  ),
});

/** The parts of an OpenAPI 3.1 document that this project uses. */
const documentSchema = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.url() })).min(1),
  paths: z.record(z.string().startsWith("/"), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
    securitySchemes: z.record(z.string(), z.object({ type: z.enum(["http", "apiKey"]) })),
  }),
});

let raw: Json;
let document: z.output<typeof documentSchema>;

beforeAll(async () => {
  raw = await answer<Json>(call("/openapi.json"), 200);
  document = documentSchema.parse(raw);
}, 60_000);

/** Every object in a document. */
function* objects(value: unknown): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* objects(inner);
}

/** The target of a reference (RFC 6901). */
function resolve(pointer: string): unknown {
  const steps = pointer.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>(
    (value, step) => (value as Json | undefined)?.[step.replaceAll("~1", "/").replaceAll("~0", "~")],
    raw,
  );
}

test("no field with several types has a default that generators would write as code", () => {
  const schedules = [...objects(raw)].filter(({ anyOf }) => Array.isArray(anyOf));
  expect(schedules.filter((schema) => "default" in schema)).toEqual([]);
  expect(JSON.stringify(document.components.schemas.EditRequest)).toContain("Default: `paper`.");
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

test("paths start with /v1, except for the service's own", () => {
  const own = ["/healthz", "/openapi.json"];
  for (const path of Object.keys(document.paths))
    expect(own.includes(path) || path.startsWith("/v1/"), path).toBe(true);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      "/v1/images",
      "/v1/masks",
      "/v1/edits",
      "/v1/edits/{id}",
      "/v1/edits/{id}/events",
      "/v1/edits/{id}/cancel",
      "/v1/usage",
      "/v1/files/{key}",
      "/v1/keys/{id}",
      "/v1/uploads",
      "/v1/sign",
      "/v1/render/{token}",
    ]),
  );
});

test("every reference resolves, and every path parameter is declared", () => {
  const references = [...objects(raw)].flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []));
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) expect(resolve(reference), reference).toBeDefined();
  for (const { path, operation } of operations()) {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(declared.map(({ name }) => name).sort(), path).toEqual(named.sort());
  }
});

test("every operation has a unique name and nothing internal to the worker", () => {
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const item of [...objects(raw.paths), ...objects(raw.webhooks)]) {
    expect(item).not.toHaveProperty("middleware");
    expect(item).not.toHaveProperty("hide");
  }
});

test("request bodies are flat: client generators lose unions of whole bodies", () => {
  for (const name of ["EditRequest", "EditForm", "MaskRequest", "AlternativesRequest"])
    for (const union of ["oneOf", "anyOf", "allOf"])
      expect(document.components.schemas[name], name).not.toHaveProperty(union);
});

test("refusals are problem documents, and operations that need a key say so", () => {
  for (const { path, method, operation } of operations()) {
    for (const [status, response] of Object.entries(operation.responses))
      if (Number(status) >= 400)
        expect(response.content, `${method} ${path} ${status}`).toHaveProperty(["application/problem+json"]);
    if (operation.security.length > 0) {
      expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(
        expect.arrayContaining(["401", "429"]),
      );
      for (const name of operation.security.flatMap(Object.keys))
        expect(Object.keys(document.components.securitySchemes)).toContain(name);
    }
  }
});

test("a request's schema shows its fields and limits", () => {
  const edit = document.components.schemas.EditRequest;
  expect(edit).toMatchObject({ type: "object", required: ["image"] });
  expect(Object.keys(edit?.properties as Json)).toEqual(
    expect.arrayContaining([
      "image",
      "prompt",
      "edits",
      "mask",
      "schedule",
      "output",
      "metadata",
      "deadline_ms",
    ]),
  );
});

const withoutNot = (key: string, value: unknown): unknown => (key === "not" ? undefined : value);

test("examples are valid under their own schemas", () => {
  const withExample = Object.entries(document.components.schemas).filter(([, schema]) => "example" in schema);
  expect(withExample.length).toBeGreaterThan(5);
  for (const [name, schema] of withExample) {
    // Zod reads no `not`, which the contract has for the one number that is none: credits of 0
    const standalone = JSON.stringify({ ...schema, $defs: document.components.schemas }, withoutNot);
    const inlined = z.fromJSONSchema(JSON.parse(standalone.replaceAll("#/components/schemas/", "#/$defs/")));
    const result = inlined.safeParse(schema.example);
    expect(result.error?.issues, name).toBeUndefined();
  }
});
