import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { EditNews } from "../account/contract/reading.ts";
import type { NumberedEvent } from "./edit-events.ts";
import { writeEvents } from "./stream.ts";

const id = newId("edit");
const NOTHING: EditNews = { edit: { status: "queued" } as EditRow, happenings: [] };

/** A stream that records what is written, and an account that gives prepared answers in turn. */
function scene(answers: readonly (EditNews | "crowded" | null)[]) {
  const written: string[] = [];
  const asked: [number, number][] = [];
  const left = [...answers];
  const stream = {
    aborted: false,
    closed: false,
    write: async (text: string) => {
      written.push(text);
      return stream as never;
    },
    writeSSE: async ({ id: number, event }: { id?: string; event?: string }) => {
      written.push(`${event} ${number}`);
    },
  };
  const editNews = async (_: string, __: string, after: number, ms: number) => {
    asked.push([after, ms]);
    return left.shift() ?? null;
  };
  const present = async ({ happenings }: EditNews): Promise<NumberedEvent[]> =>
    happenings.map(({ id: number }) => ({ id: number, event: "queued", data: { position: 1 } }));
  return { stream, source: { account: { editNews }, id, who: "key_1", present }, written, asked };
}

const news = (number: number): EditNews => ({
  ...NOTHING,
  happenings: [{ id: number, kind: "queued", position: 1 }],
});

test("if nothing happens for a heartbeat interval, a comment is sent", async () => {
  const { stream, source, written, asked } = scene([NOTHING, NOTHING, news(4), NOTHING]);
  await writeEvents(stream, source, news(2), 0);
  expect(written).toEqual([
    "retry: 2000\n\n",
    "queued 2",
    ": nothing new\n\n",
    ": nothing new\n\n",
    "queued 4",
    ": nothing new\n\n",
  ]);
  expect(asked).toEqual([
    [2, 15_000],
    [2, 15_000],
    [2, 15_000],
    [4, 15_000],
    [4, 15_000],
  ]);
});

test("it ends if the edit is gone, too many clients wait, or the client went away", async () => {
  for (const end of [null, "crowded"] as const) {
    const { stream, source, asked } = scene([end, NOTHING]);
    await writeEvents(stream, source, NOTHING, 7);
    expect(asked).toEqual([[7, 15_000]]);
  }
  const { stream, source, asked } = scene([NOTHING, NOTHING]);
  stream.aborted = true;
  await writeEvents(stream, source, NOTHING, 0);
  expect(asked).toEqual([]);
});
