import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Link } from "./link.ts";

let target: Server;
let link: Link;
const bodies: string[] = [];

beforeEach(async () => {
  bodies.length = 0;
  target = createServer(async (request, answer) => {
    let body = "";
    request.on("data", (bytes) => (body += bytes));
    request.on("end", () => bodies.push(body));
    if (request.url === "/lines") {
      answer.writeHead(200, { "content-type": "application/x-ndjson" });
      for (const n of [1, 2, 3]) answer.write(`{"n":${n}}\n`);
      return void answer.end();
    }
    await once(request, "end");
    answer.end(`${request.method} ${body}`);
  });
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  link = await Link.open(() => `http://127.0.0.1:${(target.address() as AddressInfo).port}`);
});

afterEach(() => {
  link.close();
  target.closeAllConnections();
  target.close();
});

const put = (body: string) => fetch(`${link.url}/object`, { method: "PUT", body });

test("whatever no hold matches passes unchanged", async () => {
  expect(await (await put("hello")).text()).toBe("PUT hello");
  expect(await (await fetch(`${link.url}/lines`)).text()).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
});

test("a line is held until it is released, and those behind it wait", async () => {
  const reached = link.hold(({ text }) => text === '{"n":2}');
  const answer = await fetch(`${link.url}/lines`);
  const reader = answer.body?.getReader();
  const held = await reached;
  const read = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await read()).toBe('{"n":1}\n');
  const next = read();
  expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 50, "nothing"))])).toBe(
    "nothing",
  );
  held.release();
  expect((await next).startsWith('{"n":2}\n')).toBe(true);
});

test("a cut request never reaches the target; a request whose answer is cut has reached it", async () => {
  const before = link.hold(({ point }) => point === "request");
  const first = put("one");
  (await before).cut();
  await expect(first).rejects.toThrow();
  expect(bodies).toEqual([]);
  const after = link.hold(({ point }) => point === "answer");
  const second = put("two");
  (await after).cut();
  await expect(second).rejects.toThrow();
  expect(bodies).toEqual(["two"]);
});

test("half of a body can be held back", async () => {
  const half = link.hold(({ point }) => point === "body");
  const answer = put("0123456789");
  const held = await half;
  expect(bodies).toEqual([]);
  held.release();
  expect(await (await answer).text()).toBe("PUT 0123456789");
});

test("weather: refused, late, cut, and clear again", async () => {
  link.weather = { status: 503 };
  expect((await put("x")).status).toBe(503);
  link.weather = "cut";
  await expect(put("x")).rejects.toThrow();
  link.weather = { delayMs: 60 };
  const since = performance.now();
  expect((await put("x")).status).toBe(200);
  expect(performance.now() - since).toBeGreaterThan(55);
  link.clear();
  expect((await put("x")).status).toBe(200);
});

test("a missing target is a broken connection, unless the link is patient", async () => {
  const { port } = target.address() as AddressInfo;
  target.closeAllConnections();
  target.close();
  await expect(put("x")).rejects.toThrow();
  link.patient = true;
  const answer = put("late");
  setTimeout(() => target.listen(port, "127.0.0.1"), 100);
  expect(await (await answer).text()).toBe("PUT late");
});
