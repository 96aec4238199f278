// What the server refuses before a run, and how a run fails.
import { connect } from "node:net";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { problemSchema } from "../../../shared/problem.ts";
import { allEvents, editTask, maskTask, one, PHOTO, SECRET, type Served, serve } from "./client.fixture.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";

let storage: Storage;
let server: Served["server"];
let client: Served["client"];

beforeAll(async () => {
  storage = await openStorage();
  ({ server, client } = await serve({}, { MODAL_KEY: "wk-1", MODAL_SECRET: "ws-1" }));
});
afterAll(async () => {
  await server.close();
  await storage.close();
});

async function refusal(response: Response) {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const problem = problemSchema.parse(await response.json());
  expect(problem.request_id).toBe(response.headers.get("X-Request-Id"));
  expect(problem.status).toBe(response.status);
  return { status: problem.status, code: problem.code, problem, headers: response.headers };
}

const json = { "Content-Type": "application/json" };

describe("before a run, the server refuses", () => {
  test("a wrong, missing or incomplete credential, although health needs none", async () => {
    const attempts: Record<string, string>[] = [
      {},
      { Authorization: `Bearer ${SECRET}x` },
      { Authorization: `Basic ${SECRET}` },
      { "Modal-Key": "wk-1" },
      { "Modal-Key": "wk-1", "Modal-Secret": "ws-2" },
    ];
    for (const headers of attempts) {
      const response = await client.send("/edit", editTask(storage), { headers: { ...json, ...headers } });
      expect(await refusal(response)).toMatchObject({ status: 401, code: "unauthorized" });
    }
    expect(await client.health()).toMatchObject({ busy: false });
    const modal = { ...json, "Modal-Key": "wk-1", "Modal-Secret": "ws-1" };
    expect((await client.send("/mask", {}, { headers: modal })).status).toBe(422);
  });

  test("a task that was charged for another model", async () => {
    await vi.waitUntil(async () => (await client.health()).model !== null, { timeout: 20_000 });
    for (const [path, task] of [
      ["/edit", editTask(storage, { model: "flux-dev" })],
      ["/mask", maskTask(storage, { model: "flux-dev" })],
    ] as const) {
      const { status, problem, headers } = await refusal(await client.send(path, task));
      expect([status, problem.detail]).toEqual([503, "this function runs mini, not flux-dev"]);
      expect(headers.get("Retry-After")).toBe("60");
    }
  });

  test("bodies that are not a task", async () => {
    const send = async (body: string, headers: Record<string, string> = json) =>
      refusal(
        await client.send("/edit", null, {
          body,
          headers: { Authorization: `Bearer ${SECRET}`, ...headers },
        }),
      );
    expect(await send("{")).toMatchObject({ status: 400, code: "invalid_request" });
    expect(await send("[]")).toMatchObject({ status: 422, code: "invalid_request" });
    expect(await send("{}", { "Content-Type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await send(`"${"x".repeat(70_000)}"`)).toMatchObject({ status: 413, code: "payload_too_large" });
    const task = editTask(storage);
    const { problem } = await send(JSON.stringify({ ...task, schedule: { steps: 0 }, extra: 1 }));
    expect(problem.errors?.map(({ path }) => path)).toContain("schedule.steps");
  });

  test("a body without a length", async () => {
    const head = `POST /edit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRET}\r\n`;
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () =>
        socket.write(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      );
      socket.once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
    });
    expect(answer).toContain("411 Length Required");
  });

  test("other routes and methods", async () => {
    expect(await refusal(await fetch(`${client.origin}/edits`))).toMatchObject({ status: 404 });
    for (const [path, method, allow] of [
      ["/edit", "GET", "POST"],
      ["/mask", "DELETE", "POST"],
      ["/healthz", "POST", "GET, HEAD"],
    ] as const) {
      const { status, headers } = await refusal(await fetch(client.origin + path, { method }));
      expect([status, headers.get("Allow")]).toEqual([405, allow]);
    }
  });
});

describe("a run fails", () => {
  const failure = async (change: Record<string, unknown>) =>
    one(await allEvents(client.send("/edit", editTask(storage, change))), "failed");

  test("for good if the input is refused", async () => {
    const photo = storage.give("text", Buffer.from("no picture"));
    expect(await failure({ photo })).toMatchObject({ code: "image_rejected", retryable: false });
    const small = await sharp(PHOTO).resize(80, 80).png().toBuffer();
    const mask = { source: "user", ...storage.give("small", small) };
    expect(await failure({ mask })).toMatchObject({ code: "invalid_request", retryable: false });
    const deep = { steps: 2, structuring_steps: 1, value_blocks: 99 };
    expect(await failure({ schedule: deep })).toMatchObject({ code: "invalid_request", retryable: false });
    const large = storage.give("large", new Uint8Array(15_000_001));
    expect(await failure({ photo: large })).toMatchObject({ code: "image_rejected", retryable: false });
    const task = maskTask(storage, { photo });
    expect(one(await allEvents(client.send("/mask", task)), "failed").code).toBe("image_rejected");
  });

  test("for good if the photo is erased, for now if its bytes do not match the hash", async () => {
    const gone = { ...storage.give("erased", PHOTO) };
    storage.objects.delete("erased");
    expect(await failure({ photo: gone })).toMatchObject({ code: "not_found", retryable: false });
    const other = { ...storage.give("other", PHOTO), sha256: "0".repeat(64) };
    expect(await failure({ photo: other })).toMatchObject({ code: "gpu_unavailable", retryable: true });
  });

  test("for now if storage does not accept the mask", async () => {
    const task = editTask(storage);
    storage.faults.set(task.put.mask.key, [403]);
    const events = await allEvents(client.send("/edit", task));
    expect(one(events, "failed")).toMatchObject({ code: "gpu_unavailable", retryable: true });
    expect(storage.objects.has(task.put.result.key)).toBe(false);
  });

  test("not at all if storage fails only for a moment", async () => {
    const task = editTask(storage);
    for (const key of [task.put.result.key, task.put.mask.key]) storage.faults.set(key, [503, 500]);
    storage.faults.set(new URL(task.photo.url).pathname.slice(1), [502]);
    one(await allEvents(client.send("/edit", task)), "succeeded");
  });
});
