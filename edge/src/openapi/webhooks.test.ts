import { expect, test } from "vitest";
import { answer, call } from "../../test/client.ts";

interface Contract {
  readonly openapi: string;
  readonly webhooks: Record<
    string,
    { post: { requestBody: { content: Record<string, { schema: object }> } } }
  >;
  readonly components: { schemas: Record<string, { properties?: Record<string, object> }> };
}

test("the contract says what is sent to a webhook_url", async () => {
  const { openapi, webhooks, components } = await answer<Contract>(call("/openapi.json"), 200);
  expect(openapi).toMatch(/^3\.1\./);
  expect(webhooks.edit?.post.requestBody.content["application/json"]?.schema).toEqual({
    $ref: "#/components/schemas/WebhookEvent",
  });
  expect(components.schemas.WebhookEvent?.properties).toMatchObject({
    type: { enum: ["edit.succeeded", "edit.failed", "edit.canceled"] },
    data: { $ref: "#/components/schemas/Edit" },
  });
});
