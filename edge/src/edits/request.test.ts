import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { readEditRequest } from "./request.ts";

const read = (body: string) =>
  readEditRequest(new Request("https://edge.test/v1/edits", { method: "POST", body }), "json");

test("a body in JSON is UTF-8, with or without a byte order mark", async () => {
  const json = JSON.stringify({ image: newId("img"), prompt: "une femme à lunettes" });
  for (const text of [json, `\uFEFF${json}`])
    expect(await read(text)).toMatchObject({ prompt: "une femme à lunettes" });
});

test("a body that is not JSON is refused as one that cannot be parsed", async () => {
  for (const text of ["", "{", "\uFEFF"])
    await expect(read(text)).rejects.toMatchObject({ options: { status: 400 } });
});
