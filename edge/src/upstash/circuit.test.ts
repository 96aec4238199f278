import { afterEach, expect, test, vi } from "vitest";
import { Circuit } from "./circuit.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const away = async () => {
  throw new TypeError("no route");
};

test("an answer passes through; a failure is null, with one log line for the whole outage", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const circuit = new Circuit("away");
  expect(await circuit.attempt(async () => 7)).toBe(7);
  for (let i = 0; i < 5; i++) expect(await circuit.attempt(away)).toBeNull();
  expect(log).toHaveBeenCalledExactlyOnceWith('{"event":"away","error":"TypeError"}');
});

test("a single failure stops nothing, an outage stops all commands until its pause is over", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const now = vi.spyOn(Date, "now").mockReturnValue(1_000);
  const circuit = new Circuit("away");
  await circuit.attempt(away);
  await circuit.attempt(away);
  expect(await circuit.attempt(async () => 1)).toBe(1);
  for (let i = 0; i < 3; i++) await circuit.attempt(away);
  const command = vi.fn(async () => 2);
  expect(await circuit.attempt(command)).toBeNull();
  expect(command).not.toHaveBeenCalled();
  now.mockReturnValue(6_001);
  expect(await circuit.attempt(command)).toBe(2);
});

test("a clock that is set back by a day does not extend the pause to a day", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const now = vi.spyOn(Date, "now").mockReturnValue(100_000_000);
  const circuit = new Circuit("away");
  for (let i = 0; i < 3; i++) await circuit.attempt(away);
  expect(await circuit.attempt(async () => 1)).toBeNull();
  now.mockReturnValue(100_000_000 - 86_400_000);
  expect(await circuit.attempt(async () => 1)).toBe(1);
});
