// Within a version nothing that a client depends on goes away, and nothing more is demanded of it. What a version had
// when it was released is in released/VERSION.json; UPDATE_RELEASED=1 adds to it what has come since.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { app } from "../../../edge/src/app.ts";
import { describeApi } from "../../../edge/src/openapi/document.ts";
import { CURRENT_VERSION } from "../../../shared/versions.ts";
import { type Document, demandsOf, surfaceOf } from "./surface.ts";

const FILE = join(import.meta.dirname, "released", `${CURRENT_VERSION}.json`);
const document = JSON.parse(JSON.stringify(describeApi(app, "https://a.test"))) as Document;
const now = { surface: surfaceOf(document), demands: demandsOf(document) };
if (process.env.UPDATE_RELEASED !== undefined) writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`);

test("the released version stays compatible", () => {
  expect(existsSync(FILE), "a new version: UPDATE_RELEASED=1 notes what it has").toBe(true);
  const released: typeof now = JSON.parse(readFileSync(FILE, "utf8"));
  expect(released.surface.length).toBeGreaterThan(150);
  expect(released.surface.filter((line) => !now.surface.includes(line))).toEqual([]);
  expect(now.demands.filter((line) => !released.demands.includes(line))).toEqual([]);
});

test("a removed field, a renamed operation and a newly required field are found", () => {
  const text = JSON.stringify(document)
    .replaceAll('"preservation":', '"kept":')
    .replace('"operationId":"createEdit"', '"operationId":"postEdit"')
    .replace('"required":["image"]', '"required":["image","source_prompt"]');
  const after = JSON.parse(text) as Document;
  expect(now.surface.filter((line) => !surfaceOf(after).includes(line))).toEqual([
    "Edit.preservation",
    "POST /v1/edits is createEdit",
  ]);
  const more = demandsOf(after).filter((line) => !now.demands.includes(line));
  expect(more).toHaveLength(1);
  expect(more[0]).toMatch(/ needs source_prompt$/);
});
