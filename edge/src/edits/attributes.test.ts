import { afterEach, beforeEach, expect, test } from "vitest";
import { type Edit, editSchema } from "../../../shared/edit.ts";
import { editTaskSchema } from "../../../shared/gpu.ts";
import { answer, call, customer, refusal, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { png } from "../../test/pictures.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const LIST = "without bangs, wearing red lipstick, with thick eyebrows";
const ATTRIBUTES = ["without bangs", "wearing red lipstick", "with thick eyebrows"];
const EDITS = ATTRIBUTES.map((prompt) => ({ prompt }));

const edited = async (key: string, body: object | FormData): Promise<Edit> =>
  editSchema.parse(await answer(call("/v1/edits", { key, body, headers: { Prefer: "wait=10" } }), 200));

const lastTask = () => editTaskSchema.parse(gpu.tasks.at(-1));

test("a prompt with several attributes is one run; each is located separately and reports its region", async () => {
  const { key } = await customer();
  const edit = await edited(key, { image: await uploaded(key), prompt: LIST });
  expect(gpu.tasks).toHaveLength(1);
  expect(lastTask()).toMatchObject({ prompt: LIST, locate: ATTRIBUTES, mask: { source: "pasl" } });
  expect(edit.regions).toEqual(ATTRIBUTES.map((prompt) => ({ prompt, coverage: 0.25 })));
});

test("edits can replace a prompt, as JSON and in a form", async () => {
  const { key } = await customer();
  await edited(key, { image: await uploaded(key), edits: EDITS });
  expect(lastTask()).toMatchObject({ prompt: LIST, locate: ATTRIBUTES });
  const form = new FormData();
  form.set("image", new File([png(64, 64, [], 3)], "portrait.png", { type: "image/png" }));
  form.set("edits", JSON.stringify(EDITS.slice(1)));
  await edited(key, form);
  expect(lastTask()).toMatchObject({ locate: ATTRIBUTES.slice(1) });
});

test("the same attributes in another order share the mask; regions keep the requested order", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  await edited(key, { image, edits: EDITS });
  const again = await edited(key, { image, edits: EDITS.toReversed() });
  expect(again.mask?.source).toBe("cache");
  expect(again.regions.map(({ prompt }) => prompt)).toEqual(ATTRIBUTES.toReversed());
});

test("a mask of several attributes is located", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const mask = (body: object) =>
    answer<{ mask: { source: string }; regions: { prompt: string }[] }>(
      call("/v1/masks", { key, body: { image, ...body } }),
      200,
    );
  const first = await mask({ prompt: LIST });
  expect(first.regions.map(({ prompt }) => prompt)).toEqual(ATTRIBUTES);
  const again = await mask({ edits: EDITS.toReversed() });
  expect(again.mask.source).toBe("cache");
  expect(again.regions.map(({ prompt }) => prompt)).toEqual(ATTRIBUTES.toReversed());
});

test("exactly one of prompt and edits is required, with no more text than one prompt holds", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const wrong = [
    [{}, "prompt"],
    [{ prompt: LIST, edits: EDITS }, "edits"],
    [{ edits: [] }, "prompt"],
    [{ edits: Array(9).fill({ prompt: "a beard" }) }, "edits"],
    [{ edits: Array(2).fill({ prompt: "x".repeat(300) }) }, "edits"],
    [{ edits: [{ prompt: "a beard", mask: "auto" }] }, "edits.0.mask"],
    [{ edits: [{ prompt: 7 }] }, "edits.0.prompt"],
  ] as const;
  for (const route of ["/v1/edits", "/v1/masks"])
    for (const [body, path] of wrong) {
      const { errors } = await refusal(
        call(route, { key, body: { image, ...body } }),
        422,
        "invalid_request",
      );
      expect(errors?.map((error) => error.path)).toContain(path);
    }
  expect(gpu.tasks).toEqual([]);
});

test("a mask supplied by the user is processed by the options", async () => {
  const { key } = await customer();
  const mask = await uploaded(key, png(64, 80, [], 255));
  const mask_options = { grow: 0.05, feather: 0.01, threshold: 0.5, invert: true };
  const edit = await edited(key, { image: await uploaded(key), mask, mask_options, prompt: LIST });
  expect(lastTask()).toMatchObject({ mask: { source: "user" }, mask_options, prompt: LIST });
  expect(edit).toMatchObject({ mask: { source: "user", coverage: 0.25 }, cache: { mask: false } });
  expect(edit.regions).toEqual([]);
});
