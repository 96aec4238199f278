import { afterAll, beforeAll, expect, test } from "vitest";
import { SCOPES } from "../../../shared/scopes.ts";
import { SNIPPET_LANGUAGES } from "../../../shared/snippets/request.ts";
import { answer, bindings, call, customer, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: Record<string, { schema: { $ref?: string } }> };
  readonly "x-codeSamples": readonly { readonly lang: string; readonly source: string }[];
}

interface Contract {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { readonly example?: object }> };
}

let gpu: FakeGpu;
let contract: Contract;

beforeAll(async () => {
  gpu = new FakeGpu();
  contract = await answer<Contract>(call("/openapi.json"), 200);
}, 60_000);

afterAll(() => gpu[Symbol.dispose]());

/** Operations with a JSON body that has an example. */
const asked = () =>
  Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const name = operation.requestBody?.content["application/json"]?.schema.$ref?.split("/").at(-1);
      const example = name === undefined ? undefined : contract.components.schemas[name]?.example;
      return example === undefined ? [] : [{ path, method: method.toUpperCase(), operation, example }];
    }),
  );

/** An example with the reader's own ids. */
async function owned(text: string, { key, account }: { key: string; account: string }): Promise<string> {
  const image = /img_[0-9a-z]{26}/.test(text) ? await uploaded(key) : "";
  return text.replaceAll(/img_[0-9a-z]{26}/g, image).replaceAll(/acct_[0-9a-z]{26}/g, account);
}

test("the running worker accepts every example request once its ids are replaced by one's own", async () => {
  const examples = asked();
  const names = examples.map(({ operation }) => operation.operationId);
  expect(names).toEqual(
    expect.arrayContaining(["createEdit", "createAlternatives", "createMask", "createToken", "createUpload"]),
  );
  for (const { path, method, operation, example } of examples) {
    const who = await customer({ scopes: SCOPES });
    const key = operation.tags.includes("admin") ? (bindings.ADMIN_KEY ?? "") : who.key;
    const address = path.replace("{id}", who.account);
    const body = await owned(JSON.stringify(example), who);
    const headers = { "Content-Type": "application/json" };
    const response = await call(address, { method, key, body, headers });
    expect(response.ok, `${operation.operationId}: ${await response.clone().text()}`).toBe(true);
    await response.body?.cancel();
  }
});

test("the JSON in a curl line is the example, and the line names this server", async () => {
  for (const { operation, example } of asked()) {
    const [curl] = operation["x-codeSamples"];
    const [, sent = ""] = /-d '(.*)'$/m.exec(curl?.source ?? "") ?? [];
    expect(JSON.parse(sent.replaceAll("'\\''", "'")), operation.operationId).toEqual(example);
    expect(curl?.source).toContain("https://edge.test/v1/");
  }
});

test("every operation has a snippet in each language, with a key if it needs one", () => {
  for (const item of Object.values(contract.paths))
    for (const { operationId, security, "x-codeSamples": samples } of Object.values(item)) {
      expect(
        samples.map(({ lang }) => lang),
        operationId,
      ).toEqual([...SNIPPET_LANGUAGES]);
      for (const { source } of samples)
        expect(source.includes("FLUX_API_KEY"), `${operationId}\n${source}`).toBe(security.length > 0);
    }
});

test("the 200 of an edit is one that succeeded, the 202 one that waits", async () => {
  const { components, paths } = await answer<{
    components: { schemas: { Edit: { example: { status: string; image: object | null } } } };
    paths: Record<
      string,
      { post: { responses: Record<string, { content: Record<string, { example?: { status: string } }> }> } }
    >;
  }>(call("/openapi.json"), 200);
  expect(components.schemas.Edit.example).toMatchObject({ status: "succeeded", image: expect.anything() });
  const accepted = paths["/v1/edits"]?.post.responses["202"]?.content["application/json"];
  expect(accepted?.example).toMatchObject({ status: "queued", image: null });
});
