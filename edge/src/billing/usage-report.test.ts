import { expect, test } from "vitest";
import { reportUsage } from "./usage-report.ts";

const api = { url: "https://bfl.test", key: "bfl-key" };
const report = { model: "flux-1-dev", generations: 12 };

async function reportTo(answer: () => Response | Promise<Response>) {
  const requests: Request[] = [];
  const service = async (input: Request | URL | string, init?: RequestInit) => {
    requests.push(new Request(input as Request, init));
    return answer();
  };
  const outcome = await reportUsage(report, api, service as typeof fetch);
  return { outcome, requests };
}

test("many images are one report", async () => {
  const { outcome, requests } = await reportTo(() =>
    Response.json({ message: "Usage recorded successfully" }),
  );
  expect(outcome).toEqual({ outcome: "delivered" });
  const [request = expect.fail("nothing was sent")] = requests;
  expect(request.method).toBe("POST");
  expect(request.url).toBe("https://bfl.test/v1/licenses/models/flux-1-dev/usage");
  expect(request.headers.get("x-key")).toBe("bfl-key");
  expect(await request.json()).toEqual({ number_of_generations: 12 });
});

test.each([400, 403, 429, 500])("an answer %i asks for another try", async (status) => {
  const { outcome } = await reportTo(() => Response.json({ detail: "no" }, { status }));
  expect(outcome).toEqual({ outcome: "retry", reason: `it answered ${status}` });
});

test("an unreachable service is retried, and the key is not in the reason", async () => {
  const { outcome } = await reportTo(() => Promise.reject(new TypeError("connection refused")));
  expect(outcome).toEqual({ outcome: "retry", reason: "no connection" });
});
