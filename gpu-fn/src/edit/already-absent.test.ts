import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { type Attributes, portrait, renderPortrait } from "../../training/text2mask/render.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { removalOf } from "../words/absence.ts";
import { editPortrait } from "./edit.ts";

const SIDE = 128;

let model: Model;

beforeAll(async () => {
  model = await openModel(await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json")));
});
afterAll(() => model.release());

/** The first of the portraits that nothing was trained on of which something holds. */
async function drawn(holds: (face: Attributes) => boolean): Promise<Uint8Array> {
  let seed = 99_500;
  while (!holds(portrait(seed))) seed++;
  const rgb = await renderPortrait(portrait(seed), SIDE);
  return sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

const bare = ({ eyewear, beard }: Attributes) => eyewear === "none" && beard === "none";

test.each([
  ["glasses", ({ eyewear }: Attributes) => eyewear === "glasses"],
  ["beard", ({ beard }: Attributes) => beard === "mustache"],
] as const)("%s: removed where there is one, refused on a bare face", async (thing, worn) => {
  const removal = removalOf([thing]);
  if (removal === undefined) throw new Error(`nothing tells of a ${thing}`);
  const remove = async (bytes: Uint8Array) => {
    const progress: number[] = [];
    const prompt = removal.without;
    const request = { photo: { bytes }, prompt, locate: [prompt], removal, sourcePrompt: "a person." };
    const rest = { maskOptions: maskOptionsSchema.parse({}), composite: "paste-back" as const };
    const schedule = scheduleSchema.parse({ steps: 4, structuring_steps: 1 });
    const edited = await editPortrait(
      model,
      { ...request, ...rest, schedule },
      { onProgress: ({ evaluations }) => progress.push(evaluations) },
    ).catch((error: unknown) => error);
    return { edited, evaluated: Math.max(...progress) };
  };
  const { edited } = await remove(await drawn(worn));
  expect(edited).toMatchObject({ changed: expect.any(Number) });
  const refused = await remove(await drawn(bare));
  expect(refused.edited).toMatchObject({
    code: "unchanged",
    message: expect.stringContaining(`this face shows no ${thing}`),
  });
  expect(refused.evaluated, "before any pass").toBe(0);
});
