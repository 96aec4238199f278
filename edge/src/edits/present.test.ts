import { expect, test } from "vitest";
import { editRequestSchema, editSchema } from "../../../shared/edit.ts";
import { newId } from "../../../shared/ids.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { bindings } from "../../test/client.ts";
import type { EditRow } from "../account/contract/edits.ts";
import { settingsOf } from "../env.ts";
import { presentEdit } from "./present.ts";

const settings = settingsOf(bindings);
const NOW = Date.now();

function row(changes: Partial<EditRow>): EditRow {
  const image = { id: newId("img"), key: "acct_1/images/img_1", sha256: "", width: 64, height: 80 };
  const body = editRequestSchema.parse({ image: image.id, prompt: "glasses" });
  return {
    id: newId("edit"),
    account: newId("acct"),
    token: null,
    status: "succeeded",
    attempt: 1,
    input: {
      ...body,
      image,
      mask: "auto",
      schedule: PRESETS.paper,
      locate: ["glasses"],
      webhook_url: null,
    },
    model: { id: "mini", version: "0.1.0" },
    credits: 10,
    captured: 10,
    createdAt: NOW,
    startedAt: NOW,
    finishedAt: NOW,
    deadlineAt: NOW + 600_000,
    expiresAt: NOW + 86_400_000,
    mask: { key: "acct_1/edits/edit_1/1/mask", coverage: 0.25, source: "pasl" },
    result: {
      key: "acct_1/edits/edit_1/1/result",
      width: 64,
      height: 80,
      contentType: "image/png",
      bytes: 1,
      sha256: "",
    },
    regions: [],
    preservation: null,
    timings: null,
    cache: { mask: false, inversion: false },
    error: null,
    progress: null,
    ...changes,
  };
}

const secondsLeft = (url: string) => Number(new URL(url).searchParams.get("expires")) - Date.now() / 1000;

test("a finished edit links its content by URLs that last an hour", async () => {
  const edit = editSchema.parse(await presentEdit(settings, row({})));
  expect(edit.image?.url).toContain("https://edge.test/v1/files/acct_1/edits/edit_1/1/result?");
  expect(secondsLeft(edit.image?.url ?? "")).toBeCloseTo(3_600, -1);
  expect(edit.usage).toEqual({ credits: 10 });
});

test("URLs never outlive the content, and past its retention there are none", async () => {
  const soon = await presentEdit(settings, row({ expiresAt: NOW + 60_000 }));
  expect(secondsLeft(soon.mask?.url ?? "")).toBeLessThanOrEqual(60);
  const over = await presentEdit(settings, row({ expiresAt: NOW - 1 }));
  expect(over).toMatchObject({ status: "succeeded", image: null, mask: null, usage: { credits: 10 } });
});

test("an edit that did not succeed used no credits", async () => {
  for (const status of ["queued", "running", "failed", "canceled"] as const)
    expect((await presentEdit(settings, row({ status, captured: 0 }))).usage).toEqual({ credits: 0 });
});
