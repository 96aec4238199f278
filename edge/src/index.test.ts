import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { problemSchema } from "../../shared/problem.ts";
import { scheduleSchema } from "../../shared/schedule.ts";

const worker = (exports as unknown as { default: { fetch(request: Request): Promise<Response> } }).default;

async function get(path: string): Promise<Response> {
  return worker.fetch(new Request(`https://edge.test${path}`));
}

test("the worker is alive and names each request", async () => {
  const [first, second] = await Promise.all([get("/healthz"), get("/healthz")]);
  expect(first.status).toBe(200);
  expect(first.headers.get("X-Request-Id")).not.toBe(second.headers.get("X-Request-Id"));
});

test("the preset paper is the paper's schedule", async () => {
  const { presets, regions } = await (await get("/v1/presets")).json<{
    presets: { name: string; schedule: unknown; evaluations: number }[];
    regions: string[];
  }>();
  const paper = presets.find(({ name }) => name === "paper");
  expect(scheduleSchema.parse(paper?.schedule)).toMatchObject({ steps: 30, structuring_steps: 3 });
  expect(paper?.evaluations).toBe(120);
  expect(regions).toHaveLength(18);
});

test("an unknown address is a problem document", async () => {
  const answer = await get("/v1/nothing");
  expect(answer.status).toBe(404);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  const body = problemSchema.parse(await answer.json());
  expect(body.request_id).toBe(answer.headers.get("X-Request-Id"));
});
